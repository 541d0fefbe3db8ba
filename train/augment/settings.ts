/** How training images are varied, each anew every epoch. */
export interface AugmentationSettings {
  /** Each image moves by up to this many whole pixels either way. */
  shiftPixels: number;
}

export const NO_AUGMENTATION: AugmentationSettings = { shiftPixels: 0 };
