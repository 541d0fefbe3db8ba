import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type ReplayedStep, replay, type TensorInput } from '../../../train/ort-backend/index.js';
import { randomStream } from '../../../train/random.js';
import { REFERENCE, registerBackends, useOurs } from './compare.js';

beforeEach(registerBackends);
afterEach(() => tf.disposeVariables());

/** Long enough for the backend to take a variable of zeros for a constant. */
const FEATURES = 4096;

type Step = (...inputs: tf.Tensor[]) => tf.Tensor[];
type RunStep = (...call: Parameters<ReplayedStep>) => ReturnType<ReplayedStep>;

/** A linear model trained with momentum: it reads and assigns two variables, one of which begins at 0. */
function trainer(): { step: Step; weights: tf.Variable; velocity: tf.Variable } {
  const weights = tf.variable(tf.tensor1d(numbers(FEATURES, 'weights')));
  const velocity = tf.variable(tf.zeros([FEATURES]), false);
  const step: Step = (rows, targets, rate) => {
    const { value, grads } = tf.variableGrads(() => {
      const predicted = tf.reshape(tf.matMul(rows!, tf.reshape(weights, [FEATURES, 1])), [-1]);
      return tf.mean(tf.squaredDifference(predicted, targets!)) as tf.Scalar;
    }, [weights]);
    const moved = tf.add(tf.mul(velocity, 0.9), grads[weights.name]!);
    velocity.assign(moved);
    weights.assign(tf.sub(weights, tf.mul(moved, rate!)));
    return [value, tf.sum(tf.abs(weights))];
  };
  return { step, weights, velocity };
}

const numbers = (count: number, ...keys: (string | number)[]): Float32Array =>
  Float32Array.from({ length: count }, randomStream(3, ...keys).normal);

const vector = (data: Float32Array): TensorInput => ({ data, shape: [data.length], dtype: 'float32' });
const scalar = (number: number): TensorInput => ({
  data: Float32Array.of(number),
  shape: [],
  dtype: 'float32',
});

const inputsOf = (step: number, rows: number): TensorInput[] => [
  { data: numbers(rows * FEATURES, 'rows', step), shape: [rows, FEATURES], dtype: 'float32' },
  vector(numbers(rows, 'targets', step)),
  scalar(1e-5 * step),
];

/** The step without a recording. */
const plainly =
  (step: Step): RunStep =>
  async (inputs) => {
    const outputs = tf.tidy(() =>
      step(...inputs.map(({ data, shape, dtype }) => tf.tensor(data, shape, dtype))),
    );
    return Promise.all(outputs.map((output) => output.data<'float32'>()));
  };

async function train(run: RunStep) {
  const outputs: (number | bigint)[][] = [];
  // Two batch sizes in turns: two recordings that share the variables.
  for (const [index, rows] of [4, 4, 3, 4, 3, 3].entries()) {
    outputs.push((await run(inputsOf(index + 1, rows))).map((values) => values[0]!));
  }
  return outputs;
}

test('a replayed training is the plain one, step by step, bit for bit', async () => {
  await useOurs();
  const one = trainer();
  const expected = await train(plainly(one.step));
  const weights = await one.weights.data();
  const velocity = await one.velocity.data();
  tf.disposeVariables();
  const other = trainer();
  assert.deepEqual(await train(replay(other.step)), expected);
  assert.deepEqual(await other.weights.data(), weights);
  assert.deepEqual(await other.velocity.data(), velocity);
});

test('every shape is recorded once', async () => {
  await useOurs();
  let calls = 0;
  const { step } = trainer();
  await train(
    replay((...inputs) => {
      calls++;
      return step(...inputs);
    }),
  );
  assert.equal(calls, 2);
});

test('a variable that is assigned between replays is read anew', async () => {
  await useOurs();
  const factor = tf.variable(tf.scalar(2));
  const run = replay((x) => [tf.mul(x!, factor)]);
  assert.deepEqual(await run([vector(Float32Array.of(1, 2))]), [Float32Array.of(2, 4)]);
  factor.assign(tf.scalar(5));
  assert.deepEqual(await run([vector(Float32Array.of(1, 2))]), [Float32Array.of(5, 10)]);
});

test('a variable may be assigned what is not yet computed, a constant, or what lies channels-first', async () => {
  await useOurs();
  const image = tf.variable(tf.ones([1, 2, 2, 2]));
  const run = replay((x) => [tf.mul(image, x!)]);
  const outputs = async () => [...((await run([scalar(1)]))[0] as Float32Array)];
  assert.deepEqual(await outputs(), [1, 1, 1, 1, 1, 1, 1, 1]);
  const counted = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
  image.assign(tf.add(counted, 1));
  assert.deepEqual(await outputs(), [2, 3, 4, 5, 6, 7, 8, 9]);
  image.assign(tf.zerosLike(counted));
  assert.deepEqual(await outputs(), [0, 0, 0, 0, 0, 0, 0, 0]);
  image.assign(tf.conv2d(counted, tf.reshape(tf.eye(2), [1, 1, 2, 2]) as tf.Tensor4D, 1, 'valid'));
  assert.deepEqual(await outputs(), [1, 2, 3, 4, 5, 6, 7, 8]);
  await image.data();
  assert.deepEqual(await outputs(), [1, 2, 3, 4, 5, 6, 7, 8], 'after it was read');
});

test('a clone or a reshape of a variable keeps its numbers when a replay assigns the variable', async () => {
  await useOurs();
  const total = tf.variable(tf.tensor1d([1, 2]));
  const before = total.clone();
  const run = replay((x) => {
    total.assign(tf.add(total, x!));
    return [tf.sum(total)];
  });
  assert.deepEqual(await run([scalar(10)]), [Float32Array.of(23)]);
  const between = tf.reshape(total, [2, 1]);
  assert.deepEqual(await run([scalar(10)]), [Float32Array.of(43)]);
  assert.deepEqual([...(await before.data())], [1, 2]);
  assert.deepEqual([...(await between.data())], [11, 12]);
  assert.deepEqual([...(await total.data())], [21, 22]);
});

test('variables and tensors that share their numbers at the recording go their own ways', async () => {
  await useOurs();
  const start = tf.tensor1d([5]);
  const [first, second] = [tf.variable(start), tf.variable(start)];
  const copy = tf.variable(tf.tensor1d([0]));
  copy.assign(first);
  const kept = first.clone();
  const run = replay((x) => {
    first.assign(tf.add(first, x!));
    second.assign(tf.mul(second, x!));
    return [tf.mul(copy, x!), tf.mul(kept, x!), tf.mul(start, x!)];
  });
  for (const [sum, product] of [
    [7, 10],
    [9, 20],
    [11, 40],
  ]) {
    const same = Float32Array.of(10);
    assert.deepEqual(await run([vector(Float32Array.of(2))]), [same, same, same]);
    assert.deepEqual([...(await first.data()), ...(await second.data())], [sum, product]);
  }
});

test('an optimiser that makes its variables in the step does what it does without a recording', async () => {
  await useOurs();
  const optimizers = [
    () => tf.train.adam(0.1),
    () => tf.train.momentum(0.1, 0.9),
    () => tf.train.rmsprop(0.1),
  ];
  for (const make of optimizers) {
    const train = async (perform: (step: Step) => RunStep) => {
      const weights = tf.variable(tf.tensor1d([1, 2]));
      const optimizer = make();
      const run = perform((x) => [
        optimizer.minimize(() => tf.sum(tf.mul(x!, tf.square(weights))), true, [weights])!,
      ]);
      const losses: number[] = [];
      for (let step = 1; step <= 4; step++) losses.push(Number((await run([scalar(step)]))[0]![0]));
      return [losses, ...(await weights.data())];
    };
    assert.deepEqual(await train(replay), await train(plainly), make().getClassName());
  }
});

test('a step that makes a variable at every call is refused', async () => {
  await useOurs();
  const run = replay((x) => [tf.add(tf.variable(tf.scalar(1)), x!)]);
  await assert.rejects(run([scalar(1)]), {
    name: 'TenfoldError',
    code: 'bad-usage',
    message:
      /^Expected the same ones at each call for the variables of a replayed step, got another one, \w+, at the second\. Make it outside of the step\.$/,
  });
});

test('a kernel that would run once, at the recording, is refused', async () => {
  await useOurs();
  const unique = replay((x) => [tf.unique(x!).values]);
  await assert.rejects(unique([vector(Float32Array.of(1, 1))]), {
    name: 'TenfoldError',
    code: 'bad-usage',
    message:
      'Expected one with an ONNX form for a kernel of a replayed step, got Unique. Compute it outside of the step and hand it in as an input.',
  });
  assert.deepEqual([...(await tf.unique(tf.tensor1d([2, 2, 3])).values.data())], [2, 3]);
});

test('calls at the same time take turns', async () => {
  await useOurs();
  const total = tf.variable(tf.scalar(1));
  const run = replay((x) => {
    total.assign(tf.add(tf.mul(total, 2), x!));
    return [tf.mul(total, 1)];
  });
  const results = await Promise.all([1, 2, 3, 4].map((number) => run([scalar(number)])));
  assert.deepEqual(
    results.map(([value]) => value![0]),
    [3, 8, 19, 42],
  );
  assert.equal((await total.data())[0], 42);
});

test('outputs and variables may be inputs, constants or one another', async () => {
  await useOurs();
  const a = tf.variable(tf.tensor1d([1, 2]));
  const b = tf.variable(tf.tensor1d([3, 4]));
  const c = tf.variable(tf.tensor1d([5, 6]));
  const swap: Step = (x) => {
    const old = tf.clone(a);
    a.assign(b as tf.Tensor1D);
    b.assign(old as tf.Tensor1D);
    c.assign(x as tf.Tensor1D);
    return [x!, tf.onesLike(x!), tf.add(a, c)];
  };
  const run = replay(swap);
  for (const [first, second] of [
    [10, 20],
    [30, 40],
  ] as const) {
    const [input, ones, sum] = await run([vector(Float32Array.of(first, second))]);
    const before = first === 10 ? [3, 4] : [1, 2];
    assert.deepEqual(input, Float32Array.of(first, second));
    assert.deepEqual(ones, Float32Array.of(1, 1));
    assert.deepEqual(sum, Float32Array.of(first + before[0]!, second + before[1]!));
    assert.deepEqual([...(await a.data())], before);
    assert.deepEqual([...(await c.data())], [first, second]);
  }
  const clear = replay(() => {
    c.assign(tf.zerosLike(c));
    return [];
  });
  await clear([]);
  assert.deepEqual([...(await c.data())], [0, 0]);
});

test("writing into a step's outputs changes neither one another nor the variables that were assigned them", async () => {
  await useOurs();
  const assigned = tf.variable(tf.tensor1d([0, 0]));
  const recorded = replay((x) => {
    const tripled = tf.mul(x!, 3);
    assigned.assign(tripled as tf.Tensor1D);
    return [tripled, tripled];
  });
  const [first, second] = await recorded([vector(Float32Array.of(1, 2))]);
  (first as Float32Array).fill(5);
  assert.deepEqual(second, Float32Array.of(3, 6));
  (second as Float32Array).fill(5);
  assert.deepEqual([...(await assigned.data())], [3, 6]);
  const made: tf.Variable[] = [];
  const making = replay((x) => {
    const doubled = tf.mul(x!, 2);
    if (made.length === 0) made.push(tf.variable(doubled));
    return [doubled];
  });
  const [output] = await making([vector(Float32Array.of(1, 2))]);
  (output as Float32Array).fill(5);
  assert.deepEqual([...(await made[0]!.data())], [2, 4], 'one that the first call made');
});

test("a recording leaves the step's own tensors behind to nobody", async () => {
  const ours = await useOurs();
  const run = replay(trainer().step);
  await run(inputsOf(1, 4));
  const before = [ours.numDataIds(), tf.memory().numTensors];
  for (let step = 2; step < 12; step++) await run(inputsOf(step, step % 2 ? 4 : 3));
  assert.deepEqual([ours.numDataIds(), tf.memory().numTensors], before);
});

test('a step that throws is reported, and leaves the variables and the next call alone', async () => {
  await useOurs();
  const total = tf.variable(tf.scalar(1));
  let isBroken = true;
  const run = replay((x) => {
    total.assign(tf.add(total, x!));
    if (isBroken) throw new Error('a fault in the step');
    return [tf.mul(total, 1)];
  });
  await assert.rejects(run([scalar(1)]), /a fault in the step/);
  isBroken = false;
  assert.deepEqual(await run([scalar(1)]), [Float32Array.of(2)]);
});

test('a variable that was disposed of is named', async () => {
  await useOurs();
  for (const isRead of [true, false]) {
    const total = tf.variable(tf.scalar(1), true, `total that is ${isRead ? '' : 'not '}read`);
    const run = replay((x) => {
      total.assign(isRead ? tf.add(total, x!) : tf.mul(x!, 2));
      return [tf.mul(x!, 1)];
    });
    await run([scalar(1)]);
    total.dispose();
    await assert.rejects(run([scalar(1)]), {
      name: 'TenfoldError',
      code: 'bad-usage',
      message: `Expected those that it was recorded with for the variables of a replayed step, got ${total.name}, which has been disposed of. Dispose of the step, and make another one of other variables.`,
    });
    await run.dispose();
  }
});

test('on another backend it says what to do', async () => {
  await tf.setBackend(REFERENCE);
  await assert.rejects(replay((x) => [x!])([scalar(1)]), {
    name: 'TenfoldError',
    code: 'bad-usage',
    message:
      "Expected onnxruntime for the backend of a replayed step, got MathBackendCPU. Call `await tf.setBackend('onnxruntime')` first.",
  });
});
