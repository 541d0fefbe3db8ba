import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../../core/image.js';
import type { LabelledImages } from '../../dataset/mnist.js';
import { auroc } from '../../metrics/auroc.js';
import type { OutlierSuite } from './index.js';

/**
 * How much each picture speaks for a digit, by a bundle's rejection score, higher is more; minus infinity where preprocessing has
 * nothing to read.
 */
export type Scorer = (pictures: RgbaImage[]) => Promise<number[]>;

export interface Separation {
  /** Pictures of the suite, and as many clean digits. */
  images: number;
  /** Area under the ROC curve of clean digits against the suite's pictures, 0 to 1. */
  auroc: number;
  /** Share of the suite's pictures below the threshold, 0 to 1. */
  refusedShare: number;
}

export interface SeparationOptions {
  /** MNIST's test set. */
  digits: LabelledImages;
  scorer: Scorer;
  /** The bundle's: what scores below is refused. */
  threshold: number;
  /** Pictures of each suite. */
  images: number;
}

/** Pictures scored at once. */
const BATCH = 100;

/** A digit of the set as the opaque grey picture that it is: what preprocessing passes through. */
export function digitPicture({ images }: LabelledImages, index: number): RgbaImage {
  const data = new Uint8Array(4 * INPUT_LENGTH).fill(255);
  for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
    data.fill(images[index * INPUT_LENGTH + pixel]!, 4 * pixel, 4 * pixel + 3);
  }
  return { width: INPUT_SIDE, height: INPUT_SIDE, data };
}

/** Scores each suite's pictures and the set's first digits, and says how well one is told from the other. */
export async function measureSeparation<Name extends string>(
  suites: { [N in Name]: OutlierSuite },
  { digits, scorer, threshold, images }: SeparationOptions,
): Promise<{ [N in Name]: Separation }> {
  const clean = await scored(Math.min(images, digits.count), scorer, (index) => digitPicture(digits, index));
  const measured = {} as { [N in Name]: Separation };
  for (const name of Object.keys(suites) as Name[]) {
    const scores = await scored(
      images,
      scorer,
      async (index) => (await suites[name].make(digits, index)).picture,
    );
    measured[name] = {
      images,
      auroc: auroc(clean, scores),
      refusedShare: scores.filter((score) => !(score >= threshold)).length / images,
    };
  }
  return measured;
}

async function scored(
  count: number,
  scorer: Scorer,
  make: (index: number) => RgbaImage | Promise<RgbaImage>,
): Promise<number[]> {
  const scores: number[] = [];
  for (let start = 0; start < count; start += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - start) }, (_, row) => make(start + row));
    scores.push(...(await scorer(await Promise.all(batch))));
  }
  return scores;
}
