import { SMALLEST_SHARE } from '../augment/erase.js';
import type { AugmentationSettings } from '../augment/settings.js';
import { integer, number, type Rule } from './rules.js';

const probability = number('a probability from 0 to 1', (value) => value >= 0 && value <= 1);
const range = (what: string, low: number, high: number): Rule =>
  number(`${what} from ${low} to ${high}`, (value) => value >= low && value <= high);

export const AUGMENTATION_RULES: { [K in keyof AugmentationSettings]: Rule } = {
  shiftPixels: integer(0, 8),
  rotateDegrees: range('a number of degrees', 0, 180),
  zoomShare: range('a share', 0, 0.5),
  shearDegrees: range('a number of degrees', 0, 45),
  flipProbability: probability,
  resizePixels: integer(0, 24),
  elasticPixels: range('a number of pixels', 0, 100),
  elasticSigmaPixels: range('a number of pixels', 1, 10),
  strokeProbability: probability,
  strokePixels: range('a number of pixels', 0, 3),
  hollowProbability: probability,
  eraseProbability: probability,
  eraseShare: range('a share', SMALLEST_SHARE, 0.8),
  paperProbability: probability,
  paperLevel: range('a share', 0, 1),
  lineProbability: probability,
  lineCount: integer(1, 12),
  invertProbability: probability,
  fadeProbability: probability,
  fadeShare: range('a share', 0, 0.45),
  scatterProbability: probability,
  scatterPixels: integer(1, 3),
  smearProbability: probability,
  smearPixels: range('a number of pixels', 1, 14),
  blurProbability: probability,
  blurPixels: range('a number of pixels', 0.5, 4),
  speckProbability: probability,
  speckShare: range('a share', 0, 0.5),
  noiseProbability: probability,
  noiseDeviation: range('a standard deviation', 0, 0.5),
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
  strokeProbability: 'off',
  strokePixels: 'ours: digits stay legible',
  hollowProbability: 'off',
  eraseProbability: 'off; the paper takes 0.5',
  eraseShare: "the paper's (Zhong et al. 2017)",
  paperProbability: 'off',
  paperLevel: 'ours: ink stays darker than paper',
  lineProbability: 'off',
  lineCount: 'ours: digits stay legible',
  invertProbability: 'off',
  fadeProbability: 'off',
  fadeShare: 'ours: ink stays darker than paper',
  scatterProbability: 'off',
  scatterPixels: 'ours: digits stay legible',
  smearProbability: 'off',
  smearPixels: 'ours: digits stay legible',
  blurProbability: 'off',
  blurPixels: 'ours: digits stay legible',
  speckProbability: 'off',
  speckShare: 'ours: digits stay legible',
  noiseProbability: 'off',
  noiseDeviation: 'ours: digits stay legible',
};
