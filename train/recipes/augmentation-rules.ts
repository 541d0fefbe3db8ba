import { SMALLEST_SHARE } from '../augment/erase.js';
import type { AugmentationSettings } from '../augment/settings.js';
import { integer, number, type Rule } from './rules.js';

const range = (what: string, low: number, high: number): Rule =>
  number(`${what} from ${low} to ${high}`, (value) => value >= low && value <= high);

export const AUGMENTATION_RULES: { [K in keyof AugmentationSettings]: Rule } = {
  shiftPixels: integer(0, 8),
  rotateDegrees: range('a number of degrees', 0, 180),
  zoomShare: range('a share', 0, 0.5),
  shearDegrees: range('a number of degrees', 0, 45),
  flipProbability: range('a probability', 0, 1),
  resizePixels: integer(0, 24),
  elasticPixels: range('a number of pixels', 0, 100),
  elasticSigmaPixels: range('a number of pixels', 1, 10),
  eraseProbability: range('a probability', 0, 1),
  eraseShare: range('a share', SMALLEST_SHARE, 0.8),
};

/** Why a recipe that varies nothing has what it has. */
export const AUGMENTATION_REASONS: { [K in keyof AugmentationSettings]: string } = {
  shiftPixels: 'no augmentation in the reports',
  rotateDegrees: "off; experiment C's loader could",
  zoomShare: 'off',
  shearDegrees: 'off',
  flipProbability: "off: a mirrored digit is another sign; experiment C's loader could",
  resizePixels: "off; experiment C's loader could",
  elasticPixels: 'off; the paper takes 34',
  elasticSigmaPixels: "the paper's (Simard, Steinkraus and Platt 2003)",
  eraseProbability: 'off; the paper takes 0.5',
  eraseShare: "the paper's (Zhong et al. 2017)",
};
