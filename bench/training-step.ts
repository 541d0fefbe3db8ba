import { INPUT_LENGTH } from '../core/image.js';
import { selectBackend } from '../train/backend.js';
import { buildModel } from '../train/models/architectures.js';
import { randomStream } from '../train/random.js';
import { resolveRecipe } from '../train/recipes/resolve.js';
import { createTrainStep } from '../train/train-step.js';
import type { MakeStep } from './train.js';

/** One training step of a recipe on our backend, on random data: what `benchTraining` measures on our side. */
export const ourStep: MakeStep = async (network, threads) => {
  await selectBackend('onnxruntime', 'cpu', threads);
  const { architecture, model: options, training, seed } = resolveRecipe(network, 1);
  const model = buildModel(architecture, options as never, seed);
  const trainStep = createTrainStep({ ...training, model, settings: training, seed });
  const random = randomStream(seed, 'bench');
  const { batchSize, learningRate } = training;
  const images = Float32Array.from({ length: batchSize * INPUT_LENGTH }, random.next);
  const labels = Int32Array.from({ length: batchSize }, () => random.integer(10));
  let number = 0;
  return {
    async step() {
      const began = performance.now();
      await trainStep.run(images, labels, learningRate, ++number);
      return performance.now() - began;
    },
    close() {
      trainStep.dispose();
      model.dispose();
    },
  };
};
