import { INPUT_SIDE } from '../../../core/image.js';
import type { Corruption } from './corruption.js';
import { smooth } from './gaussian.js';
import { plasma } from './plasma.js';

/** Severity 5. */
const FOG = { thickness: 3, decay: 1.4 } as const;

/** Severity 4: mud. */
const MUD = {
  mean: 0.65,
  deviation: 0.3,
  sigma: 1,
  threshold: 0.65,
  edgeSigma: 1.5,
  least: 0.8,
  level: 63 / 255,
} as const;

/** A corner of a plasma fractal over the digit, which keeps its brightest value's share of the whole. */
export const fog: Corruption = {
  summary: `plasma fog of ${FOG.thickness} times the digit's contrast, decay ${FOG.decay}`,
  corrupt(digit, random) {
    const { thickness, decay } = FOG;
    const { side, heights } = plasma(decay, random);
    const highest = digit.reduce((most, value) => Math.max(most, value), 0);
    const kept = highest / (highest + thickness);
    return digit.map((value, pixel) => {
      const column = pixel % INPUT_SIDE;
      const row = (pixel - column) / INPUT_SIDE;
      return kept * (value + thickness * heights[row * side + column]!);
    });
  },
};

/** Patches of dark grey mud over the digit where smooth noise is high. */
export const spatter: Corruption = {
  summary: `mud where normal noise (${MUD.mean}, ${MUD.deviation}) smoothed by ${MUD.sigma} pixel is above ${MUD.threshold}`,
  corrupt(digit, random) {
    const { mean, deviation, sigma, threshold, edgeSigma, least, level } = MUD;
    const noise = digit.map(() => mean + deviation * random.normal());
    const wet = smooth(noise, sigma, 'nearest').map((value) => (value > threshold ? 1 : 0));
    const cover = smooth(wet, edgeSigma, 'nearest').map((value) => (value < least ? 0 : value));
    return digit.map((value, pixel) => value * (1 - cover[pixel]!) + level * cover[pixel]!);
  },
};
