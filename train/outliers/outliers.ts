import { INPUT_LENGTH } from '../../core/image.js';
import { type RandomStream, randomStream } from '../random.js';
import { invention, letter } from './letters.js';
import { scribble } from './scribbles.js';
import { severalDigits } from './several-digits.js';
import { polygon, shape } from './shapes.js';
import { texture } from './textures.js';

/** How many outliers a training sees and what they count: Hendrycks, Mazeika and Dietterich (2019), "Deep anomaly detection with outlier exposure". */
export interface OutlierSettings {
  /** Pictures of no digit in each batch beside its digits, as a share of these, 0 to 1; 0: none. */
  outlierShare: number;
  /** What their cross-entropy to equal probabilities counts beside the digits' own; the paper's lambda. */
  outlierWeight: number;
}

/**
 * Draws a picture of no digit, or null where it came out empty.
 * @param digits `[count, 28, 28]`, what it may be put together from
 * @returns `[28, 28]` as preprocessing would hand it to the network, ink 1.0 on 0.0
 */
type Draw = (random: RandomStream, digits: Float32Array) => Float32Array | null;

/** Every kind and how many of a hundred are of it. */
export const OUTLIER_KINDS = {
  letter: { hundredths: 30, draw: letter },
  invention: { hundredths: 14, draw: invention },
  scribble: { hundredths: 10, draw: scribble },
  shape: { hundredths: 13, draw: shape },
  polygon: { hundredths: 5, draw: polygon },
  texture: { hundredths: 14, draw: texture },
  severalDigits: { hundredths: 14, draw: severalDigits },
} satisfies Record<string, { hundredths: number; draw: Draw }>;

export type OutlierKind = keyof typeof OUTLIER_KINDS;

const KINDS: { hundredths: number; draw: Draw }[] = Object.values(OUTLIER_KINDS);

/** Outliers beside so many digits. */
export const outlierCount = (digits: number, outlierShare: number): number =>
  Math.round(digits * outlierShare);

/**
 * An outlier of some kind, or of any; a function of its arguments alone.
 * @param digits digits of the same training, `[count, 28, 28]`, ink 1.0 on 0.0; one or more
 * @returns `[28, 28]`, ink 1.0 on 0.0
 */
export function drawOutlier(random: RandomStream, digits: Float32Array, kind?: OutlierKind): Float32Array {
  for (;;) {
    const drawn = (kind ? OUTLIER_KINDS[kind] : drawKind(random)).draw(random, digits);
    if (drawn) return drawn;
  }
}

function drawKind(random: RandomStream): { draw: Draw } {
  const place = random.integer(100);
  let sum = 0;
  return KINDS.find(({ hundredths }) => {
    sum += hundredths;
    return place < sum;
  })!;
}

/**
 * Draws the outliers of a step, others for every step and every seed.
 * @param digits of the same batch, `[count, 28, 28]`
 * @param outliers `[count, 28, 28]`, overwritten
 */
export function drawOutliers(seed: number, step: number, digits: Float32Array, outliers: Float32Array): void {
  for (let row = 0; row < outliers.length / INPUT_LENGTH; row++) {
    outliers.set(drawOutlier(randomStream(seed, 'outlier', step, row), digits), row * INPUT_LENGTH);
  }
}
