import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MANIFEST_FILE, type Manifest, MODEL_CARD_FILE, MODEL_FILE } from '../../core/manifest.js';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';
import { makeFolder, removeFolder, resultOf, startServing } from '../cli/command-line.js';
import { writeSmallData } from '../cli/small-data.js';
import { greyPng } from '../serve/pictures.js';
import type { PipelineResult } from './results.js';
import { RESULTS, shapeOf } from './shape.js';

const SMALL_SPEEDRUN = [
  ...['--recipe', 'speedrun'],
  ...['firstFilters=4', 'secondFilters=4', 'denseUnits=16'].flatMap((setting) => ['--set', setting]),
];

let folder: string;
before(async () => {
  folder = makeFolder();
  await writeSmallData(join(folder, 'data'), { train: 2000, test: 500 });
});
after(() => removeFolder(folder));

const readJson = <Content>(...path: string[]): Content =>
  JSON.parse(readFileSync(join(folder, ...path), 'utf8')) as Content;
const rows = (...path: string[]): string[] =>
  readFileSync(join(folder, ...path), 'utf8')
    .trimEnd()
    .split('\n');

test('pipeline --no-serve goes from data to a verified bundle in one command', async () => {
  const args = ['pipeline', '--no-serve', '--data', 'data', '--epochs', '2', '--seed', '3'];
  const result = await resultOf<PipelineResult>(args, folder);
  assert.deepEqual(shapeOf(result), RESULTS.unserved);
  const { run, bundle, test: measured, parity } = result;
  assert.deepEqual([run, bundle], [join('runs', 'fast-seed3'), join('bundles', 'pipeline-fast')]);
  assert.ok(
    measured.accuracy > 0.3,
    `32 steps learn more than chance, but the accuracy is ${measured.accuracy}`,
  );
  assert.ok(parity.maxAbsDiff <= 1e-5, `the largest difference is ${parity.maxAbsDiff}`);
  assert.deepEqual([parity.images, parity.top1Agreement], [256, 1]);

  assert.deepEqual(readdirSync(folder).sort(), ['bundles', 'data', 'runs']);
  assert.deepEqual(readdirSync(join(folder, run)).sort(), Object.values(RUN_FILES).sort());
  assert.deepEqual(readdirSync(join(folder, bundle)).sort(), [MODEL_CARD_FILE, MANIFEST_FILE, MODEL_FILE]);
  const metrics = readJson<RunMetrics>(run, RUN_FILES.metrics);
  assert.deepEqual(metrics.test, measured);
  assert.equal(metrics.epochs, 2);
  assert.equal(rows(run, RUN_FILES.losses).length, 1 + metrics.steps);
  assert.equal(rows(run, RUN_FILES.epochs).length, 1 + metrics.epochs);
  assert.equal(rows(run, RUN_FILES.predictions).length, 1 + 500);
  const recipe = readJson<{ name: string; seed: number; training: { epochs: number } }>(
    run,
    RUN_FILES.recipe,
  );
  assert.deepEqual([recipe.name, recipe.seed, recipe.training.epochs], ['fast', 3, 2]);
  const manifest = readJson<Manifest>(bundle, MANIFEST_FILE);
  assert.deepEqual(manifest.recipe, recipe);
  assert.equal(manifest.metrics.testAccuracy, measured.accuracy);
  assert.equal(manifest.parity.maxAbsDiff, parity.maxAbsDiff);
});

test('pipeline serves at the URL that it prints, the page as well and nothing else, until it is told to end', async (context) => {
  // A service of what these name would not start.
  const others = { TENFOLD_CANARY: 'nowhere=1', TENFOLD_PRECISION: 'int8', TENFOLD_REPOSITORY: 'nowhere' };
  Object.assign(process.env, others);
  context.after(() => {
    for (const name of Object.keys(others)) delete process.env[name];
  });
  const args = ['pipeline', '--data', 'data', '--workers', '2', ...SMALL_SPEEDRUN];
  const { child, ended, result } = await startServing<PipelineResult>(args, folder);
  context.after(() => child.kill('SIGKILL'));
  assert.deepEqual(shapeOf(result), RESULTS.pipeline);

  const { images } = await loadMnistSplit('test');
  const [answer, page, manifest] = await Promise.all([
    fetch(`${result.url}/predict`, {
      method: 'POST',
      body: new Uint8Array(greyPng(images.subarray(0, 784))),
    }),
    fetch(result.url),
    fetch(`${result.url}/model/${MANIFEST_FILE}`),
  ]);
  const served = (await manifest.json()) as Manifest;
  assert.deepEqual(served, readJson(result.bundle, MANIFEST_FILE));
  const { model, results } = (await answer.json()) as { model: object; results: { digit: number }[] };
  assert.deepEqual(model, { name: 'speedrun', version: served.version });
  const [, first] = rows(result.run, RUN_FILES.predictions);
  assert.equal(results[0]!.digit, Number(first!.split(',')[1]));
  assert.match(await page.text(), /<digit-classifier/);

  child.kill('SIGTERM');
  const { status, signal, stdout, stderr } = await ended;
  assert.deepEqual([status, signal], [0, null], stderr);
  assert.equal(stdout.trimEnd().split('\n').length, 1, stdout);
});

test('a second pipeline keeps the first run and replaces the bundle', async () => {
  const args = ['pipeline', '--no-serve', '--data', 'data', ...SMALL_SPEEDRUN, '--set', 'learningRate=0.001'];
  const { run, bundle, test: measured } = await resultOf<PipelineResult>(args, folder);
  assert.equal(run, join('runs', 'speedrun-seed1-2'));
  const before = readJson<RunMetrics>('runs', 'speedrun-seed1', RUN_FILES.metrics);
  assert.notEqual(before.test.loss, measured.loss);
  assert.equal(readJson<Manifest>(bundle, MANIFEST_FILE).metrics.testLoss, measured.loss);
  assert.deepEqual(readdirSync(join(folder, 'bundles')).sort(), ['pipeline-fast', 'pipeline-speedrun']);
});
