import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Measured, trainTable } from '../../bench/train-table.js';

const MIB = 2 ** 20;

const measured = (peers: Measured['peers']): Measured => ({
  network: 'speedrun',
  batch: 256,
  ours: {
    milliseconds: 60,
    batchMilliseconds: 0.5,
    tracingMilliseconds: 1.25,
    recordMilliseconds: 140.4,
    compileMilliseconds: 129.6,
    peakBytes: 1500 * MIB,
  },
  peers,
});

/** The cells of each row, the rule between head and rows left out. */
const cells = (table: string): string[][] => {
  const lines = table.split('\n').map((line) => line.replace(/^\| | \|$/g, '').split(' | '));
  assert.ok(
    lines.every(({ length }) => length === lines[0]!.length),
    `rows of one width:\n${table}`,
  );
  return lines.filter((_, index) => index !== 1);
};

test('a network has a row beside each PyTorch, with the ratios of times and of memory', () => {
  const [head, ...rows] = cells(
    trainTable([
      measured([
        { engine: 'PyTorch 1.13.0', milliseconds: 120, peakBytes: 1000 * MIB },
        { engine: 'PyTorch 2.9.1', milliseconds: 50, peakBytes: 2000 * MIB },
      ]),
    ]),
  );
  const ours = ['speedrun', '256', '60.0', '0.5 + 1.3', '140 + 130'];
  assert.deepEqual(rows, [
    [...ours, 'PyTorch 1.13.0', '120.0', '0.50', '1,500 MiB', '1,000 MiB', '1.50'],
    [...ours, 'PyTorch 2.9.1', '50.0', '1.20', '1,500 MiB', '2,000 MiB', '0.75'],
  ]);
  assert.equal(head!.length, rows[0]!.length);
});

test('without a PyTorch the row says so, and our own figures stay', () => {
  const [, row] = cells(trainTable([measured([])]));
  assert.deepEqual(row, [
    ...['speedrun', '256', '60.0', '0.5 + 1.3', '140 + 130'],
    ...['skipped', '', '', '1,500 MiB', '', ''],
  ]);
});
