import { INPUT_LENGTH } from '../core/image.js';
import { gatherBatch } from '../train/dataset/batches.js';
import { type LabelledImages, loadMnistSplit } from '../train/dataset/mnist.js';
import { splitValidation } from '../train/dataset/split.js';
import type { ResolvedRecipe } from '../train/recipes/resolve.js';
import { text } from './command.js';

/** The test set of `--data`, or MNIST's own. */
export function loadTestSet(values: Parameters<typeof text>[0]): Promise<LabelledImages> {
  const directory = text(values, 'data');
  return loadMnistSplit('test', directory === undefined ? {} : { directory });
}

/** The images that a run set aside of `--data`'s training set, or of MNIST's own; null where it set none aside. */
export async function loadValidationSet(
  values: Parameters<typeof text>[0],
  recipe: Record<string, unknown> | undefined,
): Promise<LabelledImages | null> {
  const { training, seed } = (recipe ?? {}) as Partial<ResolvedRecipe>;
  if (!training?.validationImages || seed === undefined) return null;
  const directory = text(values, 'data');
  const whole = await loadMnistSplit('train', directory === undefined ? {} : { directory });
  return splitValidation(whole, { count: training.validationImages, seed }).validation;
}

/** A whole set as the model takes it: images `[count, 28, 28, 1]`, ink 1.0 on 0.0. */
export function asModelInput({ images, labels, count }: LabelledImages): {
  images: Float32Array;
  labels: Uint8Array;
} {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  return { images: gatherBatch(images, order, new Float32Array(count * INPUT_LENGTH)), labels };
}
