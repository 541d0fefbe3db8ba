import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { TenfoldError } from '../../../core/errors.js';
import { csvLine, EPOCHS_COLUMNS, epochRow, LOSSES_COLUMNS, openCsv } from '../../../train/metrics/csv.js';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-csv-'));
});
after(() => rm(folder, { recursive: true }));

test('losses.csv has the published header and the exact values', async () => {
  const path = join(folder, 'losses.csv');
  const file = await openCsv(path, LOSSES_COLUMNS);
  const loss = Math.fround(0.1);
  file.append({ 'Train Loss': loss, 'Test Loss': 0.5 });
  file.append({ 'Train Loss': 1e-9 });
  assert.equal(await readFile(path, 'utf8'), 'Train Loss,Test Loss\n', 'nothing is written before the flush');
  await file.flush();
  assert.equal(await readFile(path, 'utf8'), `Train Loss,Test Loss\n${loss},0.5\n1e-9,\n`);
  assert.equal(Number(`${loss}`), loss);
});

test('an epoch without validation leaves its cells empty', () => {
  const epoch = { epoch: 1, trainLoss: 0.25, trainAccuracy: 0.9, learningRate: 0.01, imagesPerSecond: 2000 };
  const row = epochRow({ ...epoch, seconds: 3.5 });
  assert.equal(csvLine(EPOCHS_COLUMNS, row), '1,0.25,0.9,,,,,,,,,,,,,,,0.01,2000,3.5\n');
});

test('the accuracy of each digit has a column of its own; a digit without images leaves it empty', () => {
  const digits = Array.from({ length: 10 }, (_, digit) => `val_accuracy_class_${digit}`);
  assert.deepEqual(
    EPOCHS_COLUMNS.filter((column) => column.startsWith('val_')),
    digits,
  );
  const measured = { testLoss: 0.5, testAccuracy: 0.75, learningRate: 0.1, imagesPerSecond: 9, seconds: 2 };
  const classAccuracy = [0.125, undefined, 0.25, 0, 1, 1, 1, 1, 1, 0.5];
  const row = epochRow({ epoch: 2, trainLoss: 0.25, trainAccuracy: 0.9, ...measured, classAccuracy });
  assert.equal(csvLine(EPOCHS_COLUMNS, row), '2,0.25,0.9,,,0.5,0.75,0.125,,0.25,0,1,1,1,1,1,0.5,0.1,9,2\n');
});

test('opening anew forgets the old rows; resuming cuts off what follows the finished ones, a torn line too', async () => {
  const path = join(folder, 'resumed.csv');
  await writeFile(path, 'Train Loss,Test Loss\n3,\n2,\n1,\n0.');
  const resumed = await openCsv(path, LOSSES_COLUMNS, { keepRows: 2 });
  resumed.append({ 'Train Loss': 1.5 });
  await resumed.flush();
  assert.equal(await readFile(path, 'utf8'), 'Train Loss,Test Loss\n3,\n2,\n1.5,\n');
  await openCsv(path, LOSSES_COLUMNS);
  assert.equal(await readFile(path, 'utf8'), 'Train Loss,Test Loss\n');
});

test('a file that cannot be resumed is refused and left as it is', async () => {
  const path = join(folder, 'other.csv');
  await writeFile(path, 'Train Loss,Test Loss\n3,\n2');
  await assert.rejects(openCsv(path, LOSSES_COLUMNS, { keepRows: 2 }), (error) => {
    assert.ok(error instanceof TenfoldError);
    assert.equal(error.code, 'corrupt');
    assert.equal(
      error.message,
      `Expected at least 2 rows for the length of ${path}, got 1. The run cannot be resumed: train it anew.`,
    );
    return true;
  });
  await assert.rejects(
    openCsv(path, EPOCHS_COLUMNS, { keepRows: 1 }),
    /Expected epoch,trainLoss.* for the header of .*, got "Train Loss,Test Loss/,
  );
  assert.equal(await readFile(path, 'utf8'), 'Train Loss,Test Loss\n3,\n2');
});
