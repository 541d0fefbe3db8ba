import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FitEvent } from '../../train/events.js';
import { advance, NO_PROGRESS, type Progress, progressBar, renderEvent } from '../../train/progress.js';

const START: FitEvent = {
  type: 'start',
  recipe: 'speedrun',
  backend: 'onnxruntime',
  device: 'cpu',
  parameters: 215_370,
  epochs: 2,
  stepsPerEpoch: 10,
  batchSize: 256,
};
const step = (epoch: number, number: number, milliseconds = 100): FitEvent => ({
  type: 'step',
  epoch,
  step: number,
  loss: number % 2 === 0 ? 0.2 : 0.4,
  accuracy: number % 2 === 0 ? 1 : 0.5,
  learningRate: 0.01,
  milliseconds,
});
const EPOCH: FitEvent<'epoch'> = {
  type: 'epoch',
  epoch: 1,
  trainLoss: 0.12345,
  trainAccuracy: 0.9876,
  learningRate: 0.01,
  imagesPerSecond: 2560,
  seconds: 12.34,
};
const END: FitEvent = {
  type: 'end',
  run: 'runs/speedrun-1',
  recipe: 'speedrun',
  seed: 1,
  backend: 'onnxruntime',
  device: 'cpu',
  machine: { processor: 'p', logicalCores: 2, node: '20.0.0', onnxRuntime: '1.0.0' },
  parameters: 215_370,
  epochs: 2,
  steps: 20,
  trainSeconds: 83,
  stepMillisecondsMedian: 61.25,
  test: { accuracy: 0.9897, loss: 0.0312345, perClass: [], calibrationError: 0.01, confusion: [] },
};

/** The progress after `START` and `events`, one every 150 ms. */
const after = (...events: FitEvent[]): Progress =>
  [START, ...events].reduce((progress, event, index) => advance(progress, event, 150 * index), NO_PROGRESS);

test('a step shows epoch, step, means over the epoch, time left and images a second', () => {
  const progress = after(step(1, 1), step(1, 2), step(1, 3), step(1, 4));
  // 4 steps took 550 ms of wall time (the first began at 50 ms): 16 more take 2.2 s.
  assert.equal(
    renderEvent(progress, step(1, 4), 120),
    'epoch 1/2  [==========              ]  step 4/10  loss 0.3000  accuracy 75.00%  0:02 left  2,560 images/s',
  );
});

test('the means begin anew with an epoch, and the compiling first step does not count for the speed', () => {
  const progress = after(step(1, 1, 5000), step(1, 2, 100), step(2, 2, 100));
  const line = renderEvent(progress, step(2, 2), 120);
  assert.match(line, /^epoch 2\/2 .* step 2\/10 {2}loss 0\.2000 {2}accuracy 100\.00% .* 2,560 images\/s$/);
});

test('the last evaluation stays in the line', () => {
  const evaluate: FitEvent = {
    type: 'evaluate',
    epoch: 1,
    step: 1,
    split: 'test',
    loss: 0.5,
    accuracy: 0.8765,
  };
  const progress = after(step(1, 1), evaluate, step(1, 2));
  assert.match(renderEvent(progress, step(1, 2), 140), /images\/s {2}test 87\.65%$/);
  assert.equal(renderEvent(progress, evaluate, 140), renderEvent(progress, step(1, 2), 140));
});

test('a running line never exceeds the width, and keeps the epoch first', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 10 }), (width, steps) => {
      const events = Array.from({ length: steps }, (_, index) => step(1, index + 1));
      const line = renderEvent(after(...events), step(1, steps), width);
      assert.ok(line.length <= width, `${line.length} > ${width}`);
      assert.ok(line.startsWith('epoch 1/2'.slice(0, width)), line);
    }),
  );
});

test('what stays on the screen: the start, each epoch, the end', () => {
  assert.equal(
    renderEvent(after(), START, 80),
    'Training speedrun: 215,370 parameters, 2 epochs of 10 steps, batch 256, on onnxruntime (cpu)',
  );
  assert.equal(renderEvent(after(), EPOCH, 80), 'epoch 1/2  loss 0.1235  accuracy 98.76%  12.3 s');
  assert.equal(
    renderEvent(after(), { ...EPOCH, validationLoss: 0.05, validationAccuracy: 0.985 }, 80),
    'epoch 1/2  loss 0.1235  accuracy 98.76%  validation loss 0.0500  validation accuracy 98.50%  12.3 s',
  );
  assert.equal(
    renderEvent(after(), { ...EPOCH, testLoss: 0.04, testAccuracy: 0.99 }, 80),
    'epoch 1/2  loss 0.1235  accuracy 98.76%  test loss 0.0400  test accuracy 99.00%  12.3 s',
  );
  assert.equal(
    renderEvent(after(), END, 80),
    'Test accuracy 98.97%, loss 0.03123, after 1:23 of training (61.3 ms a step): runs/speedrun-1',
  );
});

/** What `progressBar` writes for the events, given at their milliseconds. */
function written(isTTY: boolean, events: [milliseconds: number, event: FitEvent][]): string {
  let text = '';
  let now = 0;
  const show = progressBar({ isTTY, columns: 60, write: (part) => (text += part) }, () => now);
  for (const [milliseconds, event] of events) {
    now = milliseconds;
    show(event);
  }
  return text;
}

test('a terminal has its line rewritten, at most twenty times a second, and lasting lines ended', () => {
  const text = written(true, [
    [0, START],
    [100, step(1, 1)],
    [110, step(1, 2)],
    [200, step(1, 3)],
    [210, EPOCH],
  ]);
  const writes = text.split('\r\x1b[K').slice(1);
  assert.equal(writes.length, 4, 'the second step came too soon');
  assert.ok(writes[0]!.endsWith('\n') && writes[3]!.endsWith('\n'));
  assert.match(writes[2]!, /^epoch 1\/2 .*step 3\/10[^\n]*$/);
  assert.ok(writes[2]!.length < 60);
});

test('a pipe gets plain lines: the lasting ones, and one of a long epoch every five seconds', () => {
  const text = written(false, [
    [0, START],
    ...Array.from({ length: 10 }, (_, index): [number, FitEvent] => [1200 * (index + 1), step(1, index + 1)]),
    [12_100, EPOCH],
    [12_200, { type: 'saved', epoch: 1, folder: 'runs/x' }],
    [12_300, END],
  ]);
  const lines = text.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => /^Training|step \d+|^epoch 1\/2 {2}loss|^Test/.exec(line)?.[0]),
    ['Training', 'step 5', 'step 10', 'epoch 1/2  loss', 'Test'],
  );
  assert.ok(!text.includes('\r') && !text.includes('\x1b'));
});
