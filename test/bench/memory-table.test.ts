import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growth, memoryTable } from '../../bench/memory-table.js';

const MIB = 2 ** 20;
const bytes = (...mebibytes: number[]) => mebibytes.map((value) => value * MIB);

test('growth is from the second epoch to the last, whatever the first and those between had', () => {
  assert.equal(growth(bytes(50, 100, 400, 125)), 0.25);
  assert.equal(growth(bytes(50, 100, 75)), -0.25);
  assert.equal(growth(bytes(50, 100)), 0);
  assert.throws(() => growth(bytes(50)), /needs 2 epochs at least, got: 1/);
});

test('the table has every epoch and says whether the growth is allowed', () => {
  const lines = memoryTable('speedrun', bytes(1400, 1600, 1640)).split('\n');
  assert.deepEqual(lines.slice(2, 5), ['| 1 | 1,400 MiB |', '| 2 | 1,600 MiB |', '| 3 | 1,640 MiB |']);
  assert.equal(lines.at(-1), 'From epoch 2 to 3: +2.5%, within the 3% allowed.');
  assert.match(memoryTable('speedrun', bytes(100, 100, 104)), /\+4\.0%, MORE THAN the 3% allowed\.$/);
  assert.match(memoryTable('speedrun', bytes(100, 100, 90)), /: -10\.0%, within the 3% allowed\.$/);
});
