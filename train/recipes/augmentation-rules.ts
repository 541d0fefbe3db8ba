import type { AugmentationSettings } from '../augment/settings.js';
import { integer, type Rule } from './rules.js';

export const AUGMENTATION_RULES: { [K in keyof AugmentationSettings]: Rule } = {
  shiftPixels: integer(0, 8),
};
