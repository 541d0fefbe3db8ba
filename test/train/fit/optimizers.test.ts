import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { scalar, type Tensor1D, tensor1d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { selectBackend } from '../../../train/backend.js';
import { OPTIMIZERS, type OptimizerName, type OptimizerSettings } from '../../../train/optimizers.js';
import { GRADIENTS, START, TORCH } from './optimizers.fixtures.js';

before(() => selectBackend('onnxruntime', 'cpu'));

const LEARNING_RATE = 0.1;
const SETTINGS: OptimizerSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-12, momentum: 0.9 };

/** The parameters after each step, by the optimiser's own rule. */
async function follow(
  name: OptimizerName,
  settings: OptimizerSettings,
  gradients: readonly (readonly number[])[] = GRADIENTS,
): Promise<Float32Array[]> {
  const rule = OPTIMIZERS[name];
  let parameters = tensor1d(START);
  let slots: Tensor1D[] = rule.slots.map(() => tensor1d(START.map(() => 0)));
  const path: Float32Array[] = [];
  for (const [index, gradient] of gradients.entries()) {
    const rate = scalar(rule.rate(LEARNING_RATE, index + 1, settings));
    ({ parameters, slots } = rule.update(parameters, tensor1d([...gradient]), slots, rate, settings));
    path.push(await parameters.data<'float32'>());
  }
  return path;
}

const CASES = {
  adam: { name: 'adam', settings: SETTINGS },
  adamShortMemory: { name: 'adam', settings: { ...SETTINGS, beta1: 0.7, beta2: 0.9 } },
  sgd: { name: 'sgd', settings: SETTINGS },
} satisfies { [K in keyof typeof TORCH]: { name: OptimizerName; settings: OptimizerSettings } };

for (const key of Object.keys(CASES) as (keyof typeof CASES)[]) {
  const { name, settings } = CASES[key];
  test(`${key}: ten steps are PyTorch's`, async () => {
    const path = await follow(name, settings);
    for (const [steps, expected] of Object.entries(TORCH[key])) {
      path[Number(steps) - 1]!.forEach((value, index) => {
        const wanted = expected[index]!;
        // Ten steps in float32 against float64.
        assert.ok(
          Math.abs(value - wanted) < 2e-6,
          `step ${steps}, parameter ${index}: ${value}, expected ${wanted}`,
        );
      });
    }
  });
}

test("Adam's epsilon is outside the bias correction, as in Keras, where PyTorch has it inside", async () => {
  const settings = { ...SETTINGS, epsilon: 1e-3 };
  const gradient = 1e-3;
  const [after] = await follow('adam', settings, [START.map(() => gradient)]);
  const root = Math.sqrt(1 - settings.beta2) * gradient;
  const rate = (LEARNING_RATE * Math.sqrt(1 - settings.beta2)) / (1 - settings.beta1);
  const keras = (rate * (1 - settings.beta1) * gradient) / (root + settings.epsilon);
  const torch = (LEARNING_RATE * gradient) / (gradient + settings.epsilon);
  const moved = START[0]! - after![0]!;
  assert.ok(Math.abs(moved - keras) < 1e-6, `moved ${moved}, Keras ${keras}`);
  assert.ok(Math.abs(moved - torch) > 0.01, `PyTorch moves ${torch}`);
});

test('a gradient of 0 leaves the parameters where they are', async () => {
  for (const name of Object.keys(OPTIMIZERS) as OptimizerName[]) {
    const path = await follow(name, { ...SETTINGS, epsilon: 1e-7 }, [START.map(() => 0), START.map(() => 0)]);
    assert.deepEqual(path, [Float32Array.from(START), Float32Array.from(START)], name);
  }
});

test('the slots begin at 0 and have a name each', () => {
  for (const [name, { slots }] of Object.entries(OPTIMIZERS)) {
    assert.equal(new Set(slots).size, slots.length, name);
  }
  assert.deepEqual(OPTIMIZERS.adam.slots, ['mean', 'meanSquare']);
  assert.deepEqual(OPTIMIZERS.sgd.slots, ['velocity']);
});
