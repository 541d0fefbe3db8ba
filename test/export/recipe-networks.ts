import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { convert } from '../../export/convert.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';
import { buildModel, LOGITS_LAYER } from '../../train/models/architectures.js';
import { recipeNames, resolveRecipe } from '../../train/recipes/resolve.js';
import type { RecipeName } from '../../train/recipes/table.js';
import type { Example } from './example.js';
import { randomImages, randomize } from './support.js';

/** The recipes by what their network is: many differ in their training alone. */
function distinctNetworks(): RecipeName[] {
  const networks = new Map<string, RecipeName>();
  for (const name of recipeNames()) {
    const { architecture, model } = resolveRecipe(name, 1);
    const { dropout: _, ...layers } = { dropout: 0, ...model };
    const network = JSON.stringify([architecture, layers]);
    if (!networks.has(network)) networks.set(network, name);
  }
  return [...networks.values()];
}

export const RECIPE_NETWORKS: readonly RecipeName[] = distinctNetworks();

/** The recipe's network with its first weights, which randomize replaces. */
export function recipeNetwork(name: RecipeName): LayersModel {
  const { architecture, model, seed } = resolveRecipe(name, 1);
  return buildModel(architecture, model as never, seed);
}

const RANDOM_IMAGES = 2;
const DIGITS = 2;

/** `[images, 28, 28, 1]`: noise in [-1, 1), then digits of the test set. */
export async function images(): Promise<{ count: number; values: Float32Array }> {
  const { images: pixels } = await loadMnistSplit('test');
  const digits = Float32Array.from(pixels.subarray(0, DIGITS * INPUT_LENGTH), (ink) => ink / 255);
  const noise = randomImages([RANDOM_IMAGES, INPUT_LENGTH]);
  return { count: RANDOM_IMAGES + DIGITS, values: Float32Array.of(...noise, ...digits) };
}

/** A recipe's network with seeded weights as a graph, and what TensorFlow.js's cpu backend makes of noise and of digits. */
export async function recipeExample(name: RecipeName): Promise<Example> {
  await tf.setBackend('cpu');
  const trained = randomize(recipeNetwork(name));
  const { bytes } = convert(trained);
  const { count, values } = await images();
  const logits = trained.getLayer(LOGITS_LAYER).output as tfl.SymbolicTensor;
  const both = tfl.model({ inputs: trained.inputs, outputs: [logits, ...trained.outputs] });
  const computed = tf.tidy(() => {
    const tensors = both.predict(tf.tensor(values, [count, INPUT_SIDE, INPUT_SIDE, 1])) as tf.Tensor[];
    return tensors.map((tensor) => tensor.dataSync<'float32'>());
  });
  trained.dispose();
  const port = (port: string, shape: number[], of: Float32Array) =>
    ({ name: port, type: 'float32', shape: [count, ...shape], values: of }) as const;
  return {
    bytes,
    inputs: [port('input', [1, INPUT_SIDE, INPUT_SIDE], values)],
    outputs: ['logits', 'probabilities'].map((output, index) =>
      port(output, [CLASS_COUNT], computed[index]!),
    ),
  };
}
