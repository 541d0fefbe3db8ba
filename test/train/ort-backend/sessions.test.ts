import assert from 'node:assert/strict';
import { beforeEach, type TestContext, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession } from 'onnxruntime-node';
import { replay, type TensorInput } from '../../../train/ort-backend/index.js';
import { registerBackends, useOurs } from './compare.js';

beforeEach(registerBackends);

/** What SessionCache keeps compiled of structures that nobody holds. */
const CAPACITY = 64;

/** Counts ONNX Runtime's sessions that are open; they work as ever. */
function countSessions(context: TestContext): { open: number; made: number } {
  const sessions = { open: 0, made: 0 };
  const create = InferenceSession.create.bind(InferenceSession) as (
    ...parameters: unknown[]
  ) => Promise<InferenceSession>;
  context.mock.method(InferenceSession, 'create', async (...parameters: unknown[]) => {
    const session = await create(...parameters);
    sessions.open++;
    sessions.made++;
    const release = session.release.bind(session);
    session.release = () => {
      sessions.open--;
      return release();
    };
    return session;
  });
  return sessions;
}

const exponential = async (size: number) => {
  const x = tf.tensor1d(new Float32Array(size));
  const y = tf.exp(x);
  const values = await y.data();
  tf.dispose([x, y]);
  return values;
};

const vector = (...numbers: number[]): TensorInput => ({
  data: Float32Array.from(numbers),
  shape: [numbers.length],
  dtype: 'float32',
});

test('structures of tensors read stay bounded, and those dropped are released', async (context) => {
  const ours = await useOurs();
  const sessions = countSessions(context);
  for (let size = 1; size <= 2 * CAPACITY; size++) await exponential(size);
  assert.equal(sessions.made, 2 * CAPACITY, 'each size is a structure');
  assert.deepEqual([ours.sessions.size, sessions.open], [CAPACITY, CAPACITY]);
  await exponential(2 * CAPACITY);
  assert.equal(sessions.made, 2 * CAPACITY, 'the latest is still there');
  await exponential(1);
  assert.equal(sessions.made, 2 * CAPACITY + 1, 'the oldest is compiled anew');
  assert.equal(sessions.open, CAPACITY);
});

test("a recorded step's sessions outlive any number of others, and go with the step", async (context) => {
  const ours = await useOurs();
  const sessions = countSessions(context);
  const step = replay((x) => [tf.square(x!)]);
  const run = async () => [await step([vector(1, 2, 3)]), await step([vector(4, 5)])].flat();
  const expected = [Float32Array.of(1, 4, 9), Float32Array.of(16, 25)];
  assert.deepEqual(await run(), expected);
  assert.equal(sessions.open, 2, 'one for each shape');
  for (let size = 10; size < 10 + 2 * CAPACITY; size++) await exponential(size);
  const { made } = sessions;
  assert.deepEqual(await run(), expected);
  assert.equal(sessions.made, made, 'the step was not compiled again');
  await step.dispose();
  assert.deepEqual([ours.sessions.size, sessions.open], [CAPACITY, CAPACITY], 'both are released');
  assert.deepEqual(await run(), expected, 'it is recorded anew');
  await step.dispose();
  await step.dispose();
  assert.equal(sessions.open, CAPACITY);
});

test('a structure that two steps share is released with the second', async (context) => {
  await useOurs();
  const sessions = countSessions(context);
  const [one, other] = [replay((x) => [tf.sqrt(x!)]), replay((x) => [tf.sqrt(x!)])];
  await Promise.all([one([vector(4)]), other([vector(9)])]);
  assert.deepEqual([sessions.made, sessions.open], [1, 1]);
  await one.dispose();
  assert.equal(sessions.open, 1);
  assert.deepEqual(await other([vector(16)]), [Float32Array.of(4)]);
  await other.dispose();
  assert.equal(sessions.open, 0);
});

test('a step disposed of while it runs gives its result first', async (context) => {
  await useOurs();
  const sessions = countSessions(context);
  const step = replay((x) => [tf.mul(x!, x!)]);
  await step([vector(1, 2)]);
  const running = step([vector(3, 4)]);
  await Promise.all([running, step.dispose()]);
  assert.deepEqual(await running, [Float32Array.of(9, 16)]);
  assert.equal(sessions.open, 0);
});

test('a step that failed holds nothing', async (context) => {
  await useOurs();
  const sessions = countSessions(context);
  const step = replay(() => {
    throw new Error('a fault in the step');
  });
  const failing = step([vector(1)]);
  const disposed = step.dispose();
  await assert.rejects(failing, /a fault in the step/);
  await disposed;
  assert.equal(sessions.open, 0);
});

test('a backend that is replaced releases everything', async (context) => {
  const ours = await useOurs();
  const sessions = countSessions(context);
  await exponential(3);
  const step = replay((x) => [tf.neg(x!)]);
  await step([vector(1)]);
  assert.equal(sessions.open, 2);
  registerBackends();
  await new Promise(setImmediate);
  assert.deepEqual([ours.sessions.size, sessions.open], [0, 0]);
  await step.dispose();
});
