import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backend } from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../train/backend.js';
import { createTraining } from '../../../train/fit.js';
import type { OnnxRuntimeBackend } from '../../../train/ort-backend/index.js';
import { smallMnist, smallRecipe } from './small-run.js';

test('a training that is disposed of leaves no session of its steps or of its evaluations', async () => {
  await selectBackend('onnxruntime', 'cpu', { threads: 1 });
  const { sessions } = backend() as OnnxRuntimeBackend;
  const { train, test } = await smallMnist();
  const counts: { during: number; after: number }[] = [];
  for (const seed of [1, 2, 3]) {
    const training = await createTraining({
      recipe: smallRecipe(seed),
      sets: { train, validation: test, test },
      evaluateEvery: 'step',
      maxSteps: 6,
      checkpoint: null,
    });
    for await (const _ of training.events());
    await training.checkpoint();
    const during = sessions.size;
    await training.dispose();
    counts.push({ during, after: sessions.size });
  }
  const [first] = counts;
  // Steps of 50 and of 30 images, and the classifier of 60.
  assert.equal(first!.during - first!.after, 3);
  assert.deepEqual(counts, [first, first, first]);
});
