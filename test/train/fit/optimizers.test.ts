import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  mul,
  type NamedTensorMap,
  scalar,
  tensor,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { selectBackend } from '../../../train/backend.js';
import { OPTIMIZERS, type OptimizerName, type OptimizerSettings } from '../../../train/optimizers.js';
import { clipFactor, gradientOf, groupParameters, updateGroup } from '../../../train/parameter-groups.js';
import { type After, GRADIENTS, START, TORCH, TORCH_CLIPPED, TORCH_DECAYED } from './optimizers.fixtures.js';

before(() => selectBackend('onnxruntime', 'cpu'));

const LEARNING_RATE = 0.1;
const SETTINGS: OptimizerSettings = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-12,
  momentum: 0.9,
  rho: 0.9,
  initialAccumulator: 0.1,
};

interface Path {
  kernel: Float32Array[];
  bias: Float32Array[];
}

interface Options {
  weightDecay?: number;
  clipNorm?: number;
  gradients?: readonly (readonly number[])[];
}

/** A kernel `[2, 2]` and a bias `[4]` that begin alike and have the same gradients: their values after each step. */
async function follow(
  optimizer: OptimizerName,
  settings: OptimizerSettings,
  { weightDecay = 0, clipNorm = 0, gradients = GRADIENTS }: Options = {},
): Promise<Path> {
  const kernel = variable(tensor(START, [2, 2]));
  const bias = variable(tensor(START, [4]));
  const [group] = groupParameters([kernel, bias], optimizer, settings);
  const { decouplesDecay, rate } = OPTIMIZERS[optimizer];
  const path: Path = { kernel: [], bias: [] };
  for (const [index, values] of gradients.entries()) {
    tidy(() => {
      const named: NamedTensorMap = {
        [kernel.name]: tensor([...values], [2, 2]),
        [bias.name]: tensor([...values], [4]),
      };
      const gradient = gradientOf(group!, named, decouplesDecay ? 0 : weightDecay);
      const clipped =
        clipNorm > 0 ? mul<typeof gradient>(gradient, clipFactor([gradient], clipNorm)) : gradient;
      updateGroup(group!, clipped, {
        optimizer,
        settings,
        rate: scalar(rate(LEARNING_RATE, index + 1, settings)),
        decay: decouplesDecay && weightDecay > 0 ? scalar(LEARNING_RATE * weightDecay) : undefined,
      });
    });
    path.kernel.push(await valuesOf(kernel));
    path.bias.push(await valuesOf(bias));
  }
  for (const one of [kernel, bias, ...group!.slots]) one.dispose();
  return path;
}

const valuesOf = async (weight: Variable): Promise<Float32Array> =>
  Float32Array.from(await weight.data<'float32'>());

function assertFollows(path: readonly Float32Array[], expected: After, what: string): void {
  for (const [steps, wanted] of Object.entries(expected)) {
    path[Number(steps) - 1]!.forEach((value, index) => {
      // Ten steps in float32 against float64.
      const difference = Math.abs(value - wanted[index]!);
      assert.ok(difference < 3e-6, `${what}, step ${steps}: ${value}, expected ${wanted[index]}`);
    });
  }
}

const CASES = {
  adam: { name: 'adam', settings: SETTINGS },
  adamShortMemory: { name: 'adam', settings: { ...SETTINGS, beta1: 0.7, beta2: 0.9 } },
  adamw: { name: 'adamw', settings: SETTINGS },
  sgd: { name: 'sgd', settings: SETTINGS },
  momentum: { name: 'momentum', settings: SETTINGS },
  nesterov: { name: 'nesterov', settings: SETTINGS },
  rmsprop: { name: 'rmsprop', settings: SETTINGS },
  adadelta: { name: 'adadelta', settings: { ...SETTINGS, rho: 0.95, epsilon: 1e-7 } },
  adadeltaLargeEpsilon: { name: 'adadelta', settings: { ...SETTINGS, epsilon: 1e-2 } },
  adagrad: { name: 'adagrad', settings: SETTINGS },
} satisfies { [K in keyof typeof TORCH]: { name: OptimizerName; settings: OptimizerSettings } };

for (const key of Object.keys(CASES) as (keyof typeof CASES)[]) {
  const { name, settings } = CASES[key];
  test(`${key}: ten steps are PyTorch's`, async () => {
    const { kernel, bias } = await follow(name, settings);
    assertFollows(kernel, TORCH[key], 'kernel');
    assertFollows(bias, TORCH[key], 'bias');
  });

  test(`${key} with weight decay: ten steps of a kernel are PyTorch's, and a bias is left alone`, async () => {
    const { kernel, bias } = await follow(name, settings, { weightDecay: 0.1 });
    assertFollows(kernel, TORCH_DECAYED[key], 'kernel');
    assertFollows(bias, TORCH[key], 'bias');
  });
}

test('every optimiser is compared', () => {
  const compared = new Set<string>(Object.values(CASES).map(({ name }) => name));
  assert.deepEqual([...compared].sort(), Object.keys(OPTIMIZERS).sort());
});

test('gradients are clipped by the norm of all together, as PyTorch does', async () => {
  const { kernel, bias } = await follow('sgd', SETTINGS, { clipNorm: 1.5 });
  assertFollows(kernel, TORCH_CLIPPED, 'kernel');
  assertFollows(bias, TORCH_CLIPPED, 'bias');
});

test('a gradient below the norm is left as it is, bit for bit; one of 0 is no division by 0', async () => {
  for (const gradients of [GRADIENTS, [START.map(() => 0)]]) {
    const plain = await follow('momentum', SETTINGS, { gradients });
    assert.deepEqual(await follow('momentum', SETTINGS, { gradients, clipNorm: 100 }), plain);
  }
});

/** How far the first value moves in a first step with a small gradient and a large epsilon, by each formula. */
const EPSILON = 1e-3;
const GRADIENT = 1e-3;
const FIRST_STEPS: Partial<Record<OptimizerName, { ours: number; torch: number }>> = {
  adam: {
    // Outside the bias correction.
    ours: (LEARNING_RATE * Math.sqrt(1 - 0.999) * GRADIENT) / (Math.sqrt(1 - 0.999) * GRADIENT + EPSILON),
    torch: (LEARNING_RATE * GRADIENT) / (GRADIENT + EPSILON),
  },
  rmsprop: {
    // Within the root.
    ours: (LEARNING_RATE * GRADIENT) / Math.sqrt(0.1 * GRADIENT ** 2 + EPSILON),
    torch: (LEARNING_RATE * GRADIENT) / (Math.sqrt(0.1) * GRADIENT + EPSILON),
  },
  adagrad: {
    ours: (LEARNING_RATE * GRADIENT) / Math.sqrt(GRADIENT ** 2 + EPSILON),
    torch: (LEARNING_RATE * GRADIENT) / (GRADIENT + EPSILON),
  },
};

for (const [name, { ours, torch }] of Object.entries(FIRST_STEPS)) {
  test(`the epsilon of ${name} stands where Keras has it, not where PyTorch does`, async () => {
    const settings = { ...SETTINGS, epsilon: EPSILON, initialAccumulator: 0 };
    const gradients = [START.map(() => GRADIENT)];
    const { bias } = await follow(name as OptimizerName, settings, { gradients });
    const moved = START[0]! - bias[0]![0]!;
    assert.ok(Math.abs(moved - ours) < 1e-6, `moved ${moved}, Keras ${ours}`);
    assert.ok(Math.abs(moved - torch) > 0.005, `PyTorch moves ${torch}`);
  });
}

test('a gradient of 0 leaves the parameters where they are', async () => {
  const start = Float32Array.from(START);
  for (const name of Object.keys(OPTIMIZERS) as OptimizerName[]) {
    const gradients = [START.map(() => 0), START.map(() => 0)];
    const path = await follow(name, { ...SETTINGS, epsilon: 1e-7 }, { gradients });
    assert.deepEqual(path, { kernel: [start, start], bias: [start, start] }, name);
  }
});

test('the slots have a name each, and begin at 0 but for that of Adagrad', () => {
  for (const name of Object.keys(OPTIMIZERS) as OptimizerName[]) {
    const { slots, slotStart } = OPTIMIZERS[name];
    assert.equal(new Set(slots).size, slots.length, name);
    assert.equal(slotStart(SETTINGS), name === 'adagrad' ? 0.1 : 0, name);
  }
  assert.deepEqual(OPTIMIZERS.adam.slots, ['mean', 'meanSquare']);
  assert.deepEqual(OPTIMIZERS.sgd.slots, []);
});
