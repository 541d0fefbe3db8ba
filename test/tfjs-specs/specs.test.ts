import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { judge } from './judge.js';

const MOST_OUTPUT = 64 * 2 ** 20;

/** TensorFlow.js's cpu backend passes 4,227 specs, of which two are for a backend of the name `cpu` only. */
const FEWEST_PASSED = 4200;

test("TensorFlow.js's specs pass, but for those listed", async () => {
  const command = fileURLToPath(new URL('./main.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [command], { maxBuffer: MOST_OUTPUT }).catch(
    ({ stdout }: { stdout: string }) => assert.fail(stdout),
  );
  const [passed] = /^(\d+) passed, \d+ failed$/.exec(stdout.trimEnd().split('\n').at(-1)!)!.slice(1);
  assert.ok(Number(passed) >= FEWEST_PASSED, stdout);
});

const RESULTS = [
  { name: 'good', failures: [] },
  { name: 'bad', failures: ['expected 1'] },
];

test('a list that is true is not complained about', () => {
  assert.deepEqual(judge(RESULTS, { 'is wrong': ['bad'] }), { passed: 1, failed: 1, complaints: [] });
});

test('a list that is wrong is complained about, in either direction', () => {
  assert.deepEqual(judge(RESULTS, { 'is wrong': ['good', 'gone'] }).complaints, [
    'fails and is not listed: bad\n  expected 1',
    'is listed but passes: good',
    'is listed but does not exist: gone',
  ]);
});
