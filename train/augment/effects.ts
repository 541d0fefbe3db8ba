import { type RandomStream, randomStream } from '../random.js';
import { createBlur, createScatter, createSmear } from './camera.js';
import { drawRectangle, erase } from './erase.js';
import { isLate } from './late.js';
import { drawLines } from './lines.js';
import { addNoise, addSpecks } from './noise.js';
import { createPaper, fade, invertBand } from './paper.js';
import type { AugmentationSettings } from './settings.js';
import { createHollow, createStroke } from './stroke.js';

/** Changes an image `[28, 28]`, 0 to 1, in place, and keeps it within 0 and 1. */
export type Effect = (image: Float32Array, random: RandomStream) => void;

type Named<Key> = Key extends `${infer Name}Probability` ? Name : never;
/** Whatever has a probability, but for what is done before or with an image's placement. */
export type EffectName = Exclude<Named<keyof AugmentationSettings>, 'flip' | 'refit' | 'lateRefit'>;

/**
 * What makes each, in the order in which they are done: the pen, what is on the paper, the light, the camera. Those that need
 * memory make it once; an effect is then not to be used by two at a time.
 */
const EFFECTS: { [N in EffectName]: (settings: AugmentationSettings) => Effect } = {
  stroke: ({ strokePixels }) => createStroke(strokePixels),
  hollow: () => createHollow(),
  erase:
    ({ eraseShare }) =>
    (image, random) => {
      const box = drawRectangle(random, eraseShare);
      if (box) erase(image, box);
    },
  paper: ({ paperLevel }) => createPaper(paperLevel),
  line:
    ({ lineCount }) =>
    (image, random) =>
      drawLines(image, random, lineCount),
  invert: () => invertBand,
  fade:
    ({ fadeShare }) =>
    (image, random) =>
      fade(image, random, fadeShare),
  scatter: ({ scatterPixels }) => createScatter(scatterPixels),
  smear: ({ smearPixels }) => createSmear(smearPixels),
  blur: ({ blurPixels }) => createBlur(blurPixels),
  speck:
    ({ speckShare }) =>
    (image, random) =>
      addSpecks(image, random, speckShare),
  noise:
    ({ noiseDeviation }) =>
    (image, random) =>
      addNoise(image, random, noiseDeviation),
};

/**
 * Gives what does all effects that have a probability to an image. What an effect does is a function of the seed, the epoch, the
 * image's number, and its own settings.
 */
export function createEffects(settings: AugmentationSettings, seed: number) {
  const made = (Object.keys(EFFECTS) as EffectName[]).flatMap((name) => {
    const probability = settings[`${name}Probability`];
    return probability > 0 ? [{ name, probability, apply: EFFECTS[name](settings) }] : [];
  });
  return (image: Float32Array, epoch: number, index: number): void => {
    const share = isLate(settings, epoch) ? settings.lateEffectShare : 1;
    for (const { name, probability, apply } of made) {
      const random = randomStream(seed, name, epoch, index);
      if (random.next() < share * probability) apply(image, random);
    }
  };
}
