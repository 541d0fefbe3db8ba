/** Where a digit lies and how it is deformed. What lands outside of the image is lost, what comes in is background. */
interface PlacementSettings {
  /** Each is made twice as large and fitted anew, as what is in a larger picture, with this probability, 0 to 1; outliers come so already. */
  refitProbability: number;
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
}

/** What a pen, the paper and a camera make of a digit: each with a probability, 0 to 1, and in this order. */
interface EffectSettings {
  /** The pen is thicker or thinner. */
  strokeProbability: number;
  /** By up to this many pixels on either side of a stroke, 0 to 3; thinner by 1 at most. */
  strokePixels: number;
  /** Strokes are drawn as their outlines, as hollow letters are. */
  hollowProbability: number;
  /** A rectangle is erased. */
  eraseProbability: number;
  /** The largest share of the image that is erased, 0.02 to 0.8. */
  eraseShare: number;
  /** The paper is no longer white: it has a gradient, stripes, clouds or blots. */
  paperProbability: number;
  /** How dark the paper gets where it is darkest, at most; 0 to 1. */
  paperLevel: number;
  /** Lines are drawn across, straight, bent or dashed. */
  lineProbability: number;
  /** How many at most, 1 to 12. */
  lineCount: number;
  /** Ink and paper change places within a band of the image, or on one side of a line. */
  invertProbability: number;
  /** The paper darkens and the ink fades. */
  fadeProbability: number;
  /** Either by up to this share of the whole range, 0 to 0.45. */
  fadeShare: number;
  /** Pixels are taken from near their places, as on rough paper or through frosted glass. */
  scatterProbability: number;
  /** From up to this many pixels away, both ways; 1 to 3. */
  scatterPixels: number;
  /** The image is smeared along a line, as by a moving camera. */
  smearProbability: number;
  /** Over up to this many pixels, 1 to 14. */
  smearPixels: number;
  /** The image is blurred by a Gaussian. */
  blurProbability: number;
  /** Whose standard deviation is up to this many pixels, 0.5 to 4. */
  blurPixels: number;
  /** Pixels become white, black or either at random: salt and pepper. */
  speckProbability: number;
  /** Up to this share of them, 0 to 0.5. */
  speckShare: number;
  /** Normal noise is added, everywhere or more of it where ink is. */
  noiseProbability: number;
  /** Its standard deviation is up to this, 0 to 0.5. */
  noiseDeviation: number;
}

/** How images are varied otherwise at the end of a training: less, so that it ends on digits nearly as they are sent. */
interface LateSettings {
  /** Placement and effects are as said in the first so many epochs, those after are late; 0: none is. */
  lateAfterEpochs: number;
  /** In late epochs digits are fitted anew with this probability, 0 to 1, in place of the other. */
  lateRefitProbability: number;
  /** In late epochs whatever turns, grows, leans or is deformed does so by this share of its amount, 0 to 1. */
  latePlacementShare: number;
  /** In late epochs effects and mirroring have this share of their probabilities, 0 to 1. */
  lateEffectShare: number;
}

/** How training images are varied, each anew every epoch. */
export interface AugmentationSettings extends PlacementSettings, EffectSettings, LateSettings {}

/** Nothing is varied; what is needed beside an amount or a probability has its paper's value, or one that leaves digits legible. */
export const NO_AUGMENTATION: AugmentationSettings = {
  refitProbability: 0,
  shiftPixels: 0,
  rotateDegrees: 0,
  zoomShare: 0,
  shearDegrees: 0,
  flipProbability: 0,
  resizePixels: 0,
  elasticPixels: 0,
  elasticSigmaPixels: 4,
  strokeProbability: 0,
  strokePixels: 1.5,
  hollowProbability: 0,
  eraseProbability: 0,
  eraseShare: 0.4,
  paperProbability: 0,
  paperLevel: 0.6,
  lineProbability: 0,
  lineCount: 4,
  invertProbability: 0,
  fadeProbability: 0,
  fadeShare: 0.35,
  scatterProbability: 0,
  scatterPixels: 2,
  smearProbability: 0,
  smearPixels: 8,
  blurProbability: 0,
  blurPixels: 1.5,
  speckProbability: 0,
  speckShare: 0.2,
  noiseProbability: 0,
  noiseDeviation: 0.25,
  lateAfterEpochs: 0,
  lateRefitProbability: 0,
  latePlacementShare: 1,
  lateEffectShare: 0.25,
};
