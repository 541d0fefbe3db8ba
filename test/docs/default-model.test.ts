import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTraining } from '../../cli/card/training.js';
import { openBundle } from '../../core/bundle.js';
import { MODEL_CARD_FILE, MODEL_FILE, PRECISION_FILES } from '../../core/manifest.js';
import { isAsAccurate } from '../../core/precision.js';
import { folderSource, sha256 } from '../../export/bundle.js';
import { measuredCard } from '../../export/card/measured-card.js';
import { areOf, readFigures } from '../../export/figures-file.js';

const MEGABYTE = 1e6;
/** Of the bytes of `model.onnx`. */
const MOST_INT8 = 0.27;
/** Of so many pictures a share of 97% is known to within two and a half points (two standard deviations). */
const LEAST_OF_SUITE = 200;
const folder = fileURLToPath(new URL('../../../models/default', import.meta.url));
const records = fileURLToPath(new URL('../../../docs/experiments', import.meta.url));

test('the default model is whole and small, and its card is what its own figures give', async () => {
  const source = folderSource(folder);
  const { manifest } = await openBundle(source);
  for (const [file, recorded] of Object.entries(manifest.files)) {
    assert.equal(sha256(await source.read(file, recorded)), recorded.sha256, file);
  }
  assert.ok(statSync(join(folder, MODEL_FILE)).size <= 2 * MEGABYTE);
  const pictures = Object.entries(manifest.files).filter(([file]) => file.endsWith('.png'));
  assert.ok(pictures.reduce((sum, [, { bytes }]) => sum + bytes, 0) <= MEGABYTE);
  const figures = await readFigures(source, manifest);
  assert.ok(figures && areOf(figures, manifest), 'figures of this model');
  assert.ok((figures.imagesOfSuite ?? LEAST_OF_SUITE) >= LEAST_OF_SUITE, 'pictures of each suite');
  const card = readFileSync(join(folder, MODEL_CARD_FILE), 'utf8');
  const advice = 'write it anew by `node bin/tenfold.js card models/default --rewrite`';
  assert.equal(card, measuredCard(manifest, figures), advice);
});

test('the default model stands in fp16 and int8 too, as accurate, the latter in little more than a quarter of the bytes', async () => {
  const { manifest } = await openBundle(folderSource(folder));
  const { variants, files } = manifest;
  const advice = 'make them by `node bin/tenfold.js export models/default --precision fp16,int8`';
  for (const precision of ['fp16', 'int8'] as const) {
    const variant = variants?.[precision];
    assert.ok(variant, advice);
    assert.ok(isAsAccurate(manifest, variant), precision);
    assert.equal(variant.calibration.fit?.validationImages, manifest.calibration.fit?.validationImages);
  }
  assert.ok(files[PRECISION_FILES.int8]!.bytes <= MOST_INT8 * files[MODEL_FILE]!.bytes);
});

test('what the default model tells of its training is what the records of its recipe give', async () => {
  const source = folderSource(folder);
  const { manifest } = await openBundle(source);
  const figures = await readFigures(source, manifest);
  const own = `${manifest.name}-seed${manifest.recipe.seed}`;
  const others = readdirSync(records).filter((name) => /^flagship-seed\d+$/.test(name) && name !== own);
  const inRecords = (name: string) => join(records, name);
  const { run, seeds } = await readTraining(inRecords(own), others.map(inRecords), manifest);
  assert.deepEqual({ run: figures?.run, seeds: figures?.seeds }, { run, seeds });
  for (const [setting, value] of Object.entries(run.augmentation)) assert.ok(Number.isFinite(value), setting);
});
