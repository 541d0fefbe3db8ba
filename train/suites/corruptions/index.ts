import type { Suite } from '../suite.js';
import { glassBlur, motionBlur } from './blur.js';
import { type Corruption, corruptionSuite } from './corruption.js';
import { cannyEdges } from './edges.js';
import { rotate, scale, shear, translate } from './geometry.js';
import { brightness, stripe } from './light.js';
import { dottedLine, zigzag } from './lines.js';
import { impulseNoise, shotNoise } from './noise.js';
import { fog, spatter } from './weather.js';

/**
 * The fifteen corruptions of MNIST-C (Mu and Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019), by their
 * published names and in their published order, with the settings of the published generator.
 */
export const CORRUPTION_TABLE = {
  shot_noise: shotNoise,
  impulse_noise: impulseNoise,
  glass_blur: glassBlur,
  motion_blur: motionBlur,
  shear,
  scale,
  rotate,
  brightness,
  translate,
  stripe,
  fog,
  spatter,
  dotted_line: dottedLine,
  zigzag,
  canny_edges: cannyEdges,
} satisfies Record<string, Corruption>;

/** The mean of the fifteen accuracies that is aimed at. */
export const CORRUPTIONS_MEAN_TARGET = 0.96;

/** Means that others published of the fifteen accuracies. */
export const CORRUPTIONS_PUBLISHED = [
  { name: 'a plain CNN', mean: 0.759 },
  { name: 'the best', mean: 0.898 },
] as const;

export const CORRUPTIONS: Record<string, Suite> = Object.fromEntries(
  Object.entries(CORRUPTION_TABLE).map(([name, corruption]) => [name, corruptionSuite(name, corruption)]),
);
