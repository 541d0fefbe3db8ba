import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunMetrics } from '../../../core/run.js';
import { advance, NO_PROGRESS, type Progress } from '../../../train/progress.js';
import { sweepBoard } from '../../../train/sweeps/board.js';
import type { RunSpec } from '../../../train/sweeps/plan.js';
import { screenOf } from './screen.js';

const spec = (label: string): RunSpec => ({ id: label, label, recipe: 'fast', seed: 1, settings: [] });
const RUNS = ['one', 'three', 'five'].map(spec);
const [ONE, THREE, FIVE] = RUNS as [RunSpec, RunSpec, RunSpec];

/** After so many of the 20 steps of the first of two epochs. */
function progressAt(steps: number): Progress {
  const start = { recipe: 'fast', backend: 'b', device: 'cpu', parameters: 9, epochs: 2 };
  let progress = advance(NO_PROGRESS, { type: 'start', ...start, stepsPerEpoch: 20, batchSize: 50 }, 0);
  for (let step = 1; step <= steps; step++) {
    const measures = { loss: 0.5, accuracy: 0.75, learningRate: 0.1, milliseconds: 10 };
    progress = advance(progress, { type: 'step', epoch: 1, step, ...measures }, 10 * step);
  }
  return progress;
}

const METRICS: RunMetrics = {
  ...{ run: 'run', recipe: 'fast', seed: 1, backend: 'b', device: 'cpu', parameters: 9 },
  machine: { processor: 'p', logicalCores: 2, node: '20.0.0', onnxRuntime: '1.0.0' },
  ...{ epochs: 2, steps: 40, trainSeconds: 0.4, stepMillisecondsMedian: 10 },
  test: { accuracy: 0.98765, loss: 0.0123456, perClass: [], calibrationError: 0.01, confusion: [] },
};

/** A board over three runs, of a fourth one that was finished before. */
function boardOn(terminal: { isTTY?: boolean; columns?: number }) {
  let output = '';
  const stream = { ...terminal, rows: 24, write: (text: string) => (output += text) };
  let now = 0;
  const board = sweepBoard(RUNS, { total: 4, done: 1 }, stream, () => (now += 1000));
  return { board, written: () => output };
}

describe('on a terminal', () => {
  test('lines that stay are above, a line for each run under way and the counts below', () => {
    const { board, written } = boardOn({ isTTY: true, columns: 100 });
    board.tell(ONE, { type: 'started', resumes: false });
    board.tell(THREE, { type: 'started', resumes: true });
    board.tell(THREE, { type: 'progress', progress: progressAt(5) });
    board.tell(ONE, { type: 'finished', metrics: METRICS });
    board.tell(FIVE, { type: 'started', resumes: false });
    assert.deepEqual(screenOf(written()), [
      'one, seed 1    98.77% of the test set, loss 0.01235, 40 steps in 0.4 s',
      'three, seed 1  epoch 1/2  step 5/20  loss 0.5000  accuracy 75.00%  0:00 left  5,000 images/s',
      'five, seed 1   starting',
      '2 of 4 finished, 2 running, 0 waiting',
      '',
    ]);
    board.tell(THREE, { type: 'failed', reason: 'It broke' });
    assert.deepEqual(screenOf(written()), [
      'one, seed 1    98.77% of the test set, loss 0.01235, 40 steps in 0.4 s',
      'three, seed 1  FAILED: It broke',
      'five, seed 1   starting',
      '2 of 4 finished, 1 failed, 1 running, 0 waiting',
      '',
    ]);
    board.close();
    assert.deepEqual(screenOf(written()), [
      'one, seed 1    98.77% of the test set, loss 0.01235, 40 steps in 0.4 s',
      'three, seed 1  FAILED: It broke',
      '',
    ]);
  });

  test('no live line is wider than it, or rewriting them would leave some behind', () => {
    for (const columns of [20, 40, 60, 80, 200]) {
      const { board, written } = boardOn({ isTTY: true, columns });
      board.tell(THREE, { type: 'started', resumes: false, place: 'a-machine:1234' });
      board.tell(THREE, { type: 'progress', progress: progressAt(5), place: 'a-machine:1234' });
      for (const line of screenOf(written())) assert.ok(line.length < columns, `${columns}: ${line}`);
    }
  });
});

describe('elsewhere', () => {
  test('a line when a run begins, after each epoch and when it ends, and nothing else', () => {
    const { board, written } = boardOn({});
    board.tell(ONE, { type: 'started', resumes: true, place: 'a-machine:1234' });
    board.tell(ONE, { type: 'progress', progress: progressAt(5), place: 'a-machine:1234' });
    board.tell(ONE, { type: 'saved', progress: progressAt(20), place: 'a-machine:1234' });
    board.tell(ONE, { type: 'interrupted' });
    board.close();
    assert.deepEqual(written().split('\n'), [
      'one, seed 1    goes on on a-machine:1234',
      'one, seed 1    epoch 1/2  step 20/20  loss 0.5000  accuracy 75.00%  0:00 left  5,000 images/s on a-machine:1234',
      'one, seed 1    stopped; all that was done is saved',
      '',
    ]);
  });
});
