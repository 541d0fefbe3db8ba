import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { openBundle } from '../../../core/bundle.js';
import { TenfoldError } from '../../../core/errors.js';
import { MANIFEST_FILE, type Manifest, MODEL_CARD_FILE, PRECISION_FILES } from '../../../core/manifest.js';
import { folderSource, sha256 } from '../../../export/bundle.js';
import { exportRun } from '../../../export/export-run.js';
import { RANGES } from '../../../export/precision/ranges.js';
import { addVariants, type VariantOptions } from '../../../export/precision/variants.js';
import { exportForServer } from '../../../export/targets/index.js';
import { verifyBundle } from '../../../export/verify-bundle.js';
import { plainNet } from '../networks.js';
import { noise, temporaryFolder, writeRun } from '../run-fixture.js';

const data = noise();
const machine = { processor: 'Some | Processor', logicalCores: 2, node: '20.1.2', onnxRuntime: '1.30.0' };
const images = data.images.subarray(0, 40 * 784);

async function bundleOf(context: TestContext, options: Partial<VariantOptions> = {}) {
  await tf.setBackend('cpu');
  const parent = temporaryFolder(context);
  const runFolder = await writeRun(join(parent, 'run'), plainNet(), data);
  const bundle = join(parent, 'bundle');
  const { validation = null } = options;
  await exportRun({ runFolder, outFolder: bundle, ...data, validation });
  const add = (...precisions: ('fp16' | 'int8')[]) =>
    addVariants(bundle, precisions, { ...data, validation, calibration: images, choice: images, machine });
  return { parent, bundle, add };
}

const manifestOf = (bundle: string) =>
  JSON.parse(readFileSync(join(bundle, MANIFEST_FILE), 'utf8')) as Manifest;

test('fp16 and int8 stand beside model.onnx, recorded, calibrated, and told of in the card', async (context) => {
  const { bundle, add } = await bundleOf(context, { validation: data });
  const before = manifestOf(bundle);
  const { variants: results } = await add('fp16', 'int8');
  const { variants, files, ...rest } = manifestOf(bundle);
  const { files: earlier, ...others } = before;
  assert.deepEqual(rest, others);
  assert.deepEqual(files['model.onnx'], earlier['model.onnx']);
  for (const { precision, file, bytes, share, top1Agreement } of results) {
    assert.equal(file, PRECISION_FILES[precision]);
    const written = readFileSync(join(bundle, file));
    assert.deepEqual(files[file], { bytes, sha256: sha256(written) });
    assert.equal(share, bytes / files['model.onnx']!.bytes);
    assert.ok(top1Agreement > 0.9, `${top1Agreement}`);
    const variant = variants![precision]!;
    assert.equal(variant.calibration.fit!.validationImages, data.labels.length);
    assert.deepEqual(
      variant.speed.batches.map(({ batch }) => batch),
      [1, 64],
    );
  }
  assert.ok(results[1]!.share < 0.3 && results[0]!.share < 0.52);
  const { quantization } = variants!.int8!;
  const { divergences } = quantization;
  assert.deepEqual(Object.keys(divergences), Object.keys(RANGES));
  assert.equal(divergences[quantization.ranges], Math.min(...Object.values(divergences)));
  const card = readFileSync(join(bundle, MODEL_CARD_FILE), 'utf8');
  assert.match(
    card,
    /\n## Precisions\n[\s\S]*\| int8 \| `model\.int8\.onnx` \| [\d,]+ \(0\.\d{3}\) \|[\s\S]*\n## Input and outputs\n/,
  );
  assert.match(card, /on Some \\\| Processor/);
  // A bundle cannot be amended from within.
  assert.match(card, /by `tenfold export BUNDLE --precision fp16,int8`, from outside of this folder\./);

  const { checks, passed } = await verifyBundle(bundle, data);
  assert.equal(passed, true, JSON.stringify(checks));
  const own = checks.filter(({ name }) => name === 'fp16' || name === 'int8');
  assert.deepEqual(
    own.map(({ status }) => status),
    ['passed', 'passed'],
  );
  for (const { detail } of own)
    assert.match(detail, /top-1 agreement .* of the bytes, .* at batch 64; .* recorded$/);
});

test('one that is made again takes the place of the earlier one, others stay, and nothing else is left', async (context) => {
  const { parent, bundle, add } = await bundleOf(context);
  await add('fp16');
  const first = manifestOf(bundle).files['model.fp16.onnx'];
  await add('int8');
  await add('int8');
  const { files, variants } = manifestOf(bundle);
  assert.deepEqual(Object.keys(variants!), ['fp16', 'int8']);
  assert.deepEqual(files['model.fp16.onnx'], first);
  assert.equal(variants!.int8!.calibration.fit, null);
  const card = readFileSync(join(bundle, MODEL_CARD_FILE), 'utf8');
  assert.equal(card.split('## Precisions').length, 2);
  assert.equal(card.split('## Input and outputs').length, 2);
  assert.deepEqual(readdirSync(parent).sort(), ['bundle', 'run']);
});

test('images that the manifest does not tell of are refused, and the bundle stays as it is', async (context) => {
  const { bundle } = await bundleOf(context);
  const before = manifestOf(bundle);
  const others = { ...data, labels: Uint8Array.from(data.labels, (label) => (label + 1) % 10) };
  const fewer = { images: data.images.subarray(784), labels: Uint8Array.from(data.labels).slice(1) };
  for (const test of [others, fewer]) {
    await assert.rejects(
      addVariants(bundle, ['fp16'], {
        ...test,
        validation: null,
        calibration: images,
        choice: images,
        machine,
      }),
      (error: unknown) =>
        error instanceof TenfoldError &&
        error.code === 'bad-input' &&
        /the test images.*--data/.test(error.message),
    );
  }
  assert.deepEqual(manifestOf(bundle), before);
});

test('a bundle is opened, and laid out for servers, in the precision that is asked for', async (context) => {
  const { parent, bundle, add } = await bundleOf(context, { validation: data });
  await add('int8');
  const source = folderSource(bundle);
  const { manifest, model } = await openBundle(source, () => 'int8');
  const whole = manifestOf(bundle);
  assert.equal(sha256(model), whole.files['model.int8.onnx']!.sha256);
  assert.deepEqual(manifest.calibration, whole.variants!.int8!.calibration);
  await assert.rejects(
    openBundle(source, () => 'fp16'),
    (error: unknown) => error instanceof TenfoldError && error.code === 'not-found',
  );
  const { model: folder } = await exportForServer(bundle, 'triton', join(parent, 'triton'), {
    precision: 'int8',
  });
  assert.equal(statSync(join(folder, '1', 'model.onnx')).size, model.length);
  const config = readFileSync(join(folder, 'config.pbtxt'), 'utf8');
  assert.ok(config.includes(String(manifest.calibration.temperature)));
});

test('a variant that was changed is refused by who loads it, and fails the verification that measures other figures', async (context) => {
  const { bundle, add } = await bundleOf(context);
  await add('int8');
  const file = join(bundle, MANIFEST_FILE);
  const manifest = manifestOf(bundle);
  manifest.variants!.int8!.metrics.testAccuracy += 0.01;
  writeFileSync(file, JSON.stringify(manifest));
  const { checks } = await verifyBundle(bundle, data);
  assert.equal(checks.find(({ name }) => name === 'int8')?.status, 'failed');
  const graph = join(bundle, 'model.int8.onnx');
  const bytes = readFileSync(graph);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(graph, bytes);
  await assert.rejects(
    openBundle(folderSource(bundle), () => 'int8'),
    (error: unknown) =>
      error instanceof TenfoldError && /for the sha256 of model\.int8\.onnx in/.test(error.message),
  );
  await openBundle(folderSource(bundle));
});
