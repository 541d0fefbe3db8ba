import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { buildModel } from '../../../train/models/architectures.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';
import type { RecipeName } from '../../../train/recipes/table.js';

tf.setBackend('cpu');

function networkOf(name: RecipeName): LayersModel {
  const { architecture, model, seed } = resolveRecipe(name, 1);
  return buildModel(architecture, model as never, seed);
}

const product = (numbers: readonly number[]): number => numbers.reduce((all, one) => all * one, 1);

/** Multiply-adds of a picture: every weight of a kernel once for each place that it is applied at. */
function multiplyAdds(network: LayersModel): number {
  return network.layers.reduce((sum, layer) => {
    const kernel = layer.weights.find(({ originalName }) => originalName.endsWith('kernel'));
    if (!kernel) return sum;
    const [, ...shape] = (layer.output as SymbolicTensor).shape as number[];
    return sum + product(kernel.shape as number[]) * product(shape.slice(0, -1));
  }, 0);
}

function sizeOf(name: RecipeName): { parameters: number; multiplyAdds: number } {
  const network = networkOf(name);
  const size = { parameters: network.countParams(), multiplyAdds: multiplyAdds(network) };
  network.dispose();
  return size;
}

test('counting gives what is published of LeNet-like 24c5-pool-32c3-pool-256-10', () => {
  // By hand: 24 x 24 places of 24 filters 5x5, 10 x 10 of 32 filters 3x3 on 24 maps, 5 x 5 x 32 by 256, 256 by 10.
  assert.equal(
    sizeOf('speedrun').multiplyAdds,
    24 * 24 * 24 * 25 + 10 * 10 * 32 * 9 * 24 + 800 * 256 + 256 * 10,
  );
});

test('the flagship keeps within 500,000 parameters and 40 million multiply-adds', () => {
  const { parameters, multiplyAdds } = sizeOf('flagship');
  assert.ok(parameters <= 500_000, `${parameters} parameters`);
  assert.ok(multiplyAdds <= 40_000_000, `${multiplyAdds} multiply-adds`);
  // As its recipe says.
  const { reasons } = resolveRecipe('flagship', 1);
  const text = Object.values(reasons).join();
  assert.ok(text.includes(`${parameters.toLocaleString('en')} in all`), `${parameters}`);
  assert.ok(text.includes(`${(multiplyAdds / 1e6).toFixed(1)} million multiply-adds`), `${multiplyAdds}`);
});

test('its teacher has two to four million parameters', () => {
  const { parameters } = sizeOf('flagship-teacher');
  assert.ok(parameters >= 2_000_000 && parameters <= 4_000_000, `${parameters}`);
});

test('its maps have sides of 28, 14 and 7 pixels', () => {
  const network = networkOf('flagship');
  const sides = network.layers.flatMap(({ outputShape }) =>
    outputShape.length === 4 ? [outputShape[1]] : [],
  );
  network.dispose();
  assert.deepEqual([...new Set(sides)], [28, 14, 7]);
});
