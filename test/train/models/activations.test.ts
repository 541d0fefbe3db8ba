import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { input, loadLayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Activation } from '../../../train/models/activations.js';
import { layerFactory } from '../../../train/models/layers.js';
import { LocalResponseNormalization } from '../../../train/models/local-response.js';

tf.setBackend('cpu');

const INPUTS = [-3, -1, -0.5, -0.1, 0, 0.1, 0.5, 1, 3];

/** What PyTorch 1.13 gives for them: nn.ReLU(), nn.LeakyReLU() and so on, each with its defaults. */
const EXPECTED: { [A in Activation]: number[] } = {
  relu: [0, 0, 0, 0, 0, 0.1, 0.5, 1, 3],
  'leaky-relu': [-0.03, -0.01, -0.005, -0.001, 0, 0.1, 0.5, 1, 3],
  sigmoid: [0.0474259, 0.2689414, 0.3775407, 0.4750208, 0.5, 0.5249792, 0.6224594, 0.7310586, 0.9525741],
  tanh: [-0.9950548, -0.7615942, -0.4621172, -0.099668, 0, 0.099668, 0.4621172, 0.7615942, 0.9950548],
  elu: [-0.950213, -0.6321205, -0.3934693, -0.0951626, 0, 0.1, 0.5, 1, 3],
  gelu: [-0.0040499, -0.1586553, -0.1542688, -0.0460172, 0, 0.0539828, 0.3457312, 0.8413447, 2.9959502],
  silu: [-0.1422776, -0.2689414, -0.1887703, -0.0475021, 0, 0.0524979, 0.3112297, 0.7310586, 2.8577225],
};

const assertNear = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number) => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, index) => {
    const difference = Math.abs(actual[index]! - value);
    assert.ok(difference <= tolerance, `${index}: ${actual[index]}, expected ${value}`);
  });
};

for (const [activation, expected] of Object.entries(EXPECTED) as [Activation, number[]][]) {
  test(`${activation} gives PyTorch's values, as a layer and behind one, and after loading`, async () => {
    const make = layerFactory(1, 'glorot');
    const features = input({ shape: [INPUTS.length] });
    const alone = make.activate(features, activation);
    const behind = make.dense(features, { units: INPUTS.length, activation });
    const network = model({ inputs: features, outputs: [alone, behind] as SymbolicTensor[] });
    network.layers
      .find(({ name }) => name === 'dense_1')!
      .setWeights([tf.eye(INPUTS.length), tf.zeros([INPUTS.length])]);
    const loaded = await loadLayersModel(
      tf.io.fromMemory(
        await new Promise<tf.io.ModelArtifacts>((resolve, reject) => {
          const handler = tf.io.withSaveHandler(async (artifacts) => {
            resolve(artifacts);
            return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
          });
          network.save(handler).catch(reject);
        }),
      ),
    );
    for (const one of [network, loaded]) {
      const outputs = one.predict(tf.tensor2d([INPUTS])) as tf.Tensor[];
      for (const output of outputs) assertNear(output.dataSync(), expected, 2e-6);
      one.dispose();
    }
  });
}

test("local response normalisation gives PyTorch's values, over all channels that there are", () => {
  const channels = 12;
  // [1, 1, 2, 12] of -10 to 18.75.
  const values = Array.from({ length: 2 * channels }, (_, index) => {
    const [pixel, channel] = [Math.floor(index / channels), index % channels];
    return 10 * ((channel * 2 + pixel) / 8 - 1);
  });
  // nn.LocalResponseNorm(9, alpha=0.009, beta=0.75, k=1), which divides alpha by the 9 channels of its window.
  const expected = [
    ...[-8.790727, -6.567139, -4.310564, -2.083566, 0, 1.910528, 3.514633, 4.669027, 6.240926, 7.801158],
    ...[9.384861, 11.060163, -7.968738, -5.639531, -3.299779, -1.04951, 0.976942, 2.764545, 4.149477],
    ...[5.081196, 6.536677, 7.993815, 9.495872, 11.116265],
  ];
  const layer = new LocalResponseNormalization({ depthRadius: 4, bias: 1, alpha: 0.001, beta: 0.75 });
  const output = layer.apply(tf.tensor4d(values, [1, 1, 2, channels])) as tf.Tensor;
  assertNear(output.dataSync(), expected, 1e-5);
});
