/** How training images are varied, each anew every epoch. Where a digit lands outside of the image is background. */
export interface AugmentationSettings {
  /** Each image moves by up to this many whole pixels either way, both down and right; 0 to 8. */
  shiftPixels: number;
  /** Each turns about its centre by up to this many degrees either way, 0 to 180. */
  rotateDegrees: number;
  /** Each grows or shrinks by up to this share: 0.1 gives 0.9 to 1.1 times its size; 0 to 0.5. */
  zoomShare: number;
  /** Each leans by up to this many degrees either way, 0 to 45. */
  shearDegrees: number;
  /** Each is mirrored left to right with this probability, 0 to 1. */
  flipProbability: number;
  /** Each is made smaller by up to this many pixels of its 28 a side, and as large as before; 0 to 24. */
  resizePixels: number;
  /**
   * How far elastic deformation moves a pixel before the movements are smoothed, pixels, 0 to 100: the alpha of Simard,
   * Steinkraus and Platt (2003), "Best practices for convolutional neural networks"; 0 deforms nothing.
   */
  elasticPixels: number;
  /** The standard deviation of the Gaussian that smooths those movements, pixels, 1 to 10: the paper's sigma. */
  elasticSigmaPixels: number;
  /** A rectangle of each image is erased with this probability, 0 to 1. */
  eraseProbability: number;
  /** The largest share of the image that is erased, 0.02 to 0.8. */
  eraseShare: number;
}

/** Nothing is varied; what is needed beside an amount has its paper's value. */
export const NO_AUGMENTATION: AugmentationSettings = {
  shiftPixels: 0,
  rotateDegrees: 0,
  zoomShare: 0,
  shearDegrees: 0,
  flipProbability: 0,
  resizePixels: 0,
  elasticPixels: 0,
  elasticSigmaPixels: 4,
  eraseProbability: 0,
  eraseShare: 0.4,
};
