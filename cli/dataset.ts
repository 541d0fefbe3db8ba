import { INPUT_LENGTH } from '../core/image.js';
import { gatherBatch } from '../train/dataset/batches.js';
import { type LabelledImages, loadMnistSplit } from '../train/dataset/mnist.js';
import { text } from './command.js';

/** The test set of `--data`, or MNIST's own. */
export function loadTestSet(values: Parameters<typeof text>[0]): Promise<LabelledImages> {
  const directory = text(values, 'data');
  return loadMnistSplit('test', directory === undefined ? {} : { directory });
}

/** A whole set as the model takes it: images `[count, 28, 28, 1]`, ink 1.0 on 0.0. */
export function asModelInput({ images, labels, count }: LabelledImages): {
  images: Float32Array;
  labels: Uint8Array;
} {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  return { images: gatherBatch(images, order, new Float32Array(count * INPUT_LENGTH)), labels };
}
