import assert from 'node:assert/strict';
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { openBundle } from '../../core/bundle.js';
import { MANIFEST_FILE, type Manifest, MODEL_CARD_FILE, MODEL_FILE } from '../../core/manifest.js';
import { RUN_FILES } from '../../core/run.js';
import { folderSource, sha256 } from '../../export/bundle.js';
import { convertNetwork } from '../../export/convert.js';
import { exportRun } from '../../export/export-run.js';
import { verifyBundle } from '../../export/verify-bundle.js';
import { data, edit, exported, run, withMessage } from './bundle-fixture.js';
import { tinyNet } from './networks.js';
import { IMAGES, noise, writeModel, writeRun } from './run-fixture.js';
import { chain, l, parseGraph, randomize } from './support.js';

test('a run becomes a bundle that opens, with its figures, and nothing else is left', async (context) => {
  const { parent, run: runFolder, bundle } = await run(context);
  const result = await exportRun({ runFolder, outFolder: bundle, ...data });
  const { manifest, model } = await openBundle(folderSource(bundle));
  assert.deepEqual(readdirSync(parent).sort(), ['bundle', 'run']);
  assert.deepEqual(readdirSync(bundle).sort(), [MODEL_CARD_FILE, MANIFEST_FILE, MODEL_FILE]);
  assert.equal(statSync(bundle).mode, statSync(runFolder).mode, 'who may read the run may read the bundle');
  assert.equal(result.bytes, model.length);
  assert.equal(result.nodes, parseGraph(model).node.length);
  assert.deepEqual(result.parity, { images: 256, maxAbsDiff: manifest.parity.maxAbsDiff, top1Agreement: 1 });
  assert.deepEqual(result.ties, []);
  const metrics = JSON.parse(readFileSync(join(runFolder, RUN_FILES.metrics), 'utf8'));
  assert.equal(manifest.metrics.testAccuracy, metrics.test.accuracy);
  assert.equal(manifest.metrics.parameters, tinyNet().countParams());
  assert.deepEqual(manifest.recipe, { name: 'tiny', seed: 1 });
  assert.equal(manifest.version, sha256(model).slice(0, 12));
});

test('the model card gives the figures and how to use the model', async (context) => {
  const { bundle } = await exported(context);
  const card = readFileSync(join(bundle, MODEL_CARD_FILE), 'utf8');
  for (const part of [
    '# tiny',
    '| Accuracy |',
    '| 0 | 50.00% | 25.00% | 33.33% | 30 |',
    'onnxruntime-node',
    'import onnxruntime',
    '"seed": 1',
    '## Limits',
  ]) {
    assert.ok(card.includes(part), `the card lacks ${part}`);
  }
});

test('with images set aside the bundle is calibrated, and says on what and what came of it', async (context) => {
  const { run: runFolder, bundle } = await run(context);
  const validation = noise(700);
  const { calibration } = await exportRun({ runFolder, outFolder: bundle, ...data, validation });
  const { manifest } = await openBundle(folderSource(bundle));
  assert.deepEqual(manifest.calibration, calibration);
  assert.equal(calibration.fit!.validationImages, 700);
  assert.notEqual(calibration.temperature, 1);
  // Random weights on random labels are overconfident.
  const { before, after } = calibration.fit!.testCalibrationError;
  assert.ok(after < before, `${after}, ${before} before`);
  assert.ok(calibration.fit!.testRefusedShare < 0.03);
  const card = readFileSync(join(bundle, MODEL_CARD_FILE), 'utf8');
  assert.match(card, /\| Temperature \| \d+\.\d{4}, fitted on 700 images/);
  assert.match(card, /\| Refused \| \d\.\d\d% of the test images: max-logit below/);
});

test('without them it refuses nothing', async (context) => {
  const { bundle } = await exported(context);
  const { manifest } = await openBundle(folderSource(bundle));
  const expected = { temperature: 1, rejection: { score: 'confidence', threshold: 0 }, fit: null };
  assert.deepEqual(manifest.calibration, expected);
  assert.match(readFileSync(join(bundle, MODEL_CARD_FILE), 'utf8'), /Calibration \| none/);
});

test('the same run gives the same bytes, in place of the bundle that was there', async (context) => {
  const { parent, run: runFolder, bundle } = await exported(context);
  const read = () => readdirSync(bundle).map((file) => [file, readFileSync(join(bundle, file), 'hex')]);
  const before = read();
  await exportRun({ runFolder, outFolder: bundle, ...data });
  assert.deepEqual(read(), before);
  assert.deepEqual(readdirSync(parent).sort(), ['bundle', 'run']);
});

test('an export in a process that trains on another backend leaves that in place', async (context) => {
  const { run: runFolder, bundle } = await run(context);
  tf.registerBackend('training', tf.findBackendFactory('cpu')!);
  await tf.setBackend('training');
  const { parity } = await exportRun({ runFolder, outFolder: bundle, ...data });
  assert.equal(parity.top1Agreement, 1);
  assert.equal(tf.getBackend(), 'training');
});

test('a model.json without a run is measured here and compared on fewer images', async (context) => {
  const { parent, bundle } = await run(context);
  const file = await writeModel(join(parent, 'digits'), randomize(tinyNet()));
  await exportRun({ runFolder: file, outFolder: bundle, ...data });
  const { manifest } = await openBundle(folderSource(bundle));
  assert.equal(manifest.name, 'digits');
  assert.equal(manifest.parity.top1Images, 256);
  assert.deepEqual(manifest.recipe, {});
  const { checks, accuracy } = await verifyBundle(bundle, { ...data, reference: file });
  assert.equal(manifest.metrics.testAccuracy, accuracy);
  assert.deepEqual(
    checks.map(({ status }) => status),
    ['passed', 'passed', 'passed', 'skipped', 'passed', 'skipped'],
  );
});

/** Each breaks a run; the export must say what is wrong and leave nothing behind. */
const BROKEN: {
  title: string;
  damage: (run: string) => unknown;
  code: string;
  message: RegExp;
}[] = [
  {
    title: 'truncated weights',
    damage: (folder) => truncateSync(join(folder, RUN_FILES.weights), 100),
    code: 'corrupt',
    message: /Expected \d+ bytes for the 8 weights in weights\.bin, got 100 bytes\. The file was cut off/,
  },
  {
    title: 'weights of another shape',
    damage: (folder) => edit(join(folder, RUN_FILES.model), (text) => text.replace('[5,5,1,4]', '[5,5,4,1]')),
    code: 'corrupt',
    message: /Expected a Layers model whose weights fit its layers .* got "Shape mismatch/,
  },
  {
    title: 'a layer of a class that TensorFlow.js does not know',
    damage: (folder) =>
      edit(join(folder, RUN_FILES.model), (text) =>
        text.replace('"class_name":"Flatten"', '"class_name":"Capsule"'),
      ),
    code: 'bad-input',
    message:
      /Expected one of Activation, .* for the class of the layer "flatten_\w+", layer 3 of 5 of the model "tiny", got Capsule/,
  },
  {
    title: 'weights that are not numbers',
    damage: (folder) =>
      writeModel(
        folder,
        (() => {
          const model = tinyNet();
          model.setWeights(model.getWeights().map((weight) => tf.fill(weight.shape, Number.NaN)));
          return model;
        })(),
      ),
    code: 'failed',
    message: /got NaN: the model gives values that are not numbers\. Train the model again/,
  },
  {
    title: 'other weights than the predictions were made with',
    damage: (folder) => writeModel(folder, randomize(tinyNet(), 2)),
    code: 'failed',
    message: /for the digit of test image \d+ \(one of \d+\), got \d with 0\.\d+ more probability/,
  },
  {
    title: 'metrics of another run',
    damage: (folder) =>
      edit(join(folder, RUN_FILES.metrics), (text) => text.replace(/"accuracy":[\d.]+/, '"accuracy":0.99')),
    code: 'failed',
    message: /Expected 0\.99, as the run recorded it, for the graph's accuracy on the test set/,
  },
  {
    title: 'a run without metrics',
    damage: (folder) => rmSync(join(folder, RUN_FILES.metrics)),
    code: 'not-found',
    message: /Expected a readable file .*metrics\.json .* got ENOENT\. Pass a finished run folder/,
  },
  {
    title: 'a line of predictions cut off',
    damage: (folder) => edit(join(folder, RUN_FILES.predictions), (text) => text.trimEnd().slice(0, -4)),
    code: 'corrupt',
    message: /Expected a digit, a digit and a number for line 301 of predictions\.csv/,
  },
  {
    title: 'fewer predictions than images',
    damage: (folder) =>
      edit(
        join(folder, RUN_FILES.predictions),
        (text) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`,
      ),
    code: 'bad-input',
    message: /Expected 299 images with the labels recorded there .* got 300 images/,
  },
  {
    title: 'no model',
    damage: (folder) => rmSync(join(folder, RUN_FILES.model)),
    code: 'not-found',
    message: /Expected a readable file .*model\.json/,
  },
  {
    title: 'a recipe that is not JSON',
    damage: (folder) => edit(join(folder, RUN_FILES.recipe), (text) => text.slice(0, 5)),
    code: 'corrupt',
    message: /Expected a JSON object for recipe\.json/,
  },
];

for (const { title, damage, code, message } of BROKEN) {
  test(`nothing is written for ${title}`, async (context) => {
    const { parent, run: runFolder, bundle } = await run(context);
    await damage(runFolder);
    await assert.rejects(exportRun({ runFolder, outFolder: bundle, ...data }), withMessage(code, message));
    assert.deepEqual(readdirSync(parent), ['run']);
  });
}

test('images that are not as many as the labels are refused', async (context) => {
  const { run: runFolder, bundle } = await run(context);
  const images = data.images.subarray(1);
  await assert.rejects(
    exportRun({ runFolder, outFolder: bundle, ...data, images }),
    withMessage(
      'bad-input',
      /Expected 235200 values, 784 for each label for the test images, got 235199 values and 300 labels/,
    ),
  );
});

test('verify with the run at hand does every check', async (context) => {
  const { run: runFolder, bundle } = await exported(context);
  const { passed, checks } = await verifyBundle(bundle, { ...data, reference: runFolder });
  assert.ok(passed);
  assert.deepEqual(
    checks.map(({ name, status }) => `${name} ${status}`),
    [
      ...['files passed', 'graph passed', 'accuracy passed', 'calibration skipped'],
      ...['parity passed', 'predictions passed'],
    ],
  );
  assert.match(checks[5]!.detail, /^100% of 300 digits as the run recorded them$/);
});

test('verify without the run says which checks it could not do', async (context) => {
  const { bundle } = await exported(context);
  const { passed, checks } = await verifyBundle(bundle, data);
  assert.ok(passed);
  const skipped = checks.filter(({ status }) => status === 'skipped');
  assert.deepEqual(
    skipped.map(({ name }) => name),
    ['calibration', 'parity', 'predictions'],
  );
  assert.match(skipped[1]!.detail, /needs the run/);
});

test('verify on other images leaves the recorded accuracy alone', async (context) => {
  const { bundle } = await exported(context);
  const { checks } = await verifyBundle(bundle, noise(IMAGES / 2));
  assert.equal(checks.find(({ name }) => name === 'accuracy')!.status, 'skipped');
});

test('verify finds an accuracy that is not the recorded one, and a run that is another', async (context) => {
  const { parent, bundle } = await exported(context);
  edit(join(bundle, MANIFEST_FILE), (text) => text.replace(/"testAccuracy": [\d.]+/, '"testAccuracy": 0.99'));
  const other = join(parent, 'other');
  await writeRun(other, tinyNet(), data);
  await writeModel(other, randomize(tinyNet(), 2));
  const { passed, checks } = await verifyBundle(bundle, { ...data, reference: other });
  assert.equal(passed, false);
  assert.deepEqual(
    checks.map(({ status }) => status),
    ['passed', 'passed', 'failed', 'skipped', 'failed', 'passed'],
  );
});

test('a bundle that was changed is not loaded', async (context) => {
  const { bundle } = await exported(context);
  appendFileSync(join(bundle, MODEL_CARD_FILE), 'better than ever');
  await assert.rejects(
    verifyBundle(bundle, data),
    withMessage('corrupt', /Expected [0-9a-f]{64} for the sha256 of README\.md/),
  );
  appendFileSync(join(bundle, MODEL_FILE), ' ');
  await assert.rejects(
    verifyBundle(bundle, data),
    withMessage('corrupt', /Expected [0-9a-f]{64} for the sha256 of model\.onnx/),
  );
  await assert.rejects(
    verifyBundle(join(bundle, 'none'), data),
    withMessage('not-found', /Expected a readable file manifest\.json/),
  );
});

test('a graph with other outputs is not loaded', async (context) => {
  const { bundle } = await exported(context);
  const other = convertNetwork(randomize(chain([28, 28, 1], l.flatten()))).bytes;
  writeFileSync(join(bundle, MODEL_FILE), other);
  edit(join(bundle, MANIFEST_FILE), (text) => {
    const manifest = JSON.parse(text) as Manifest;
    manifest.files[MODEL_FILE] = { bytes: other.length, sha256: sha256(other) };
    return JSON.stringify(manifest);
  });
  await assert.rejects(
    verifyBundle(bundle, data),
    withMessage('corrupt', /Expected input -> logits, probabilities .* got input -> output/),
  );
});
