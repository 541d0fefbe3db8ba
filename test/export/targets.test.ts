import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { parse } from 'yaml';
import type { Manifest } from '../../core/manifest.js';
import { exportForServer } from '../../export/targets/index.js';
import { inferenceService } from '../../export/targets/kserve.js';
import { writeTinyBundle } from '../serve/tiny-bundle.js';

let root: string;
let bundle: string;
let repository: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tenfold-targets-'));
  bundle = join(root, 'bundle');
  repository = join(root, 'models');
  await writeTinyBundle(bundle);
});
afterEach(() => rm(root, { recursive: true }));

const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test('a bundle becomes a model of a repository, beside others', async () => {
  await mkdir(join(repository, 'other'), { recursive: true });
  await writeFile(join(repository, 'other', 'config.pbtxt'), 'name: "other"');
  const result = await exportForServer(bundle, 'triton', repository);
  assert.equal(result.model, join(repository, 'row-reader'));
  const expected = [
    'other/config.pbtxt',
    'row-reader/1/model.onnx',
    'row-reader/config.pbtxt',
    'row-reader/labels.txt',
  ];
  assert.deepEqual(await filesOf(repository), expected);
  assert.deepEqual(
    await readFile(join(repository, 'row-reader/1/model.onnx')),
    await readFile(join(bundle, 'model.onnx')),
  );
  await writeTinyBundle(bundle, { version: '2', offset: 1 });
  await exportForServer(bundle, 'triton', repository);
  assert.deepEqual(await filesOf(repository), expected);
  assert.match(await readFile(join(repository, 'row-reader/config.pbtxt'), 'utf8'), /tenfold\.version.*"2"/);
});

/** What somebody may have in a folder by the model's name, by paths within it, and what of it the refusal names. */
const KEPT: { title: string; files: Record<string, string>; named: RegExp }[] = [
  {
    title: "another's model",
    files: { 'config.pbtxt': 'name: "row-reader"' },
    named: /1, config\.pbtxt, labels\.txt/,
  },
  { title: 'another version', files: { '2/model.onnx': 'newer' }, named: /with 2, 2\/model\.onnx/ },
  { title: 'a file of theirs', files: { 'notes.txt': 'mine' }, named: /with notes\.txt/ },
];

for (const { title, files, named } of KEPT) {
  test(`${title} in a folder by the model's name is not overwritten`, async () => {
    const { model } = await exportForServer(bundle, 'triton', repository);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(model, path)), { recursive: true });
      await writeFile(join(model, path), text);
    }
    const before = await filesOf(model);
    await assert.rejects(exportForServer(bundle, 'triton', repository), {
      code: 'bad-usage',
      message: named,
    });
    assert.deepEqual(await filesOf(model), before);
    for (const [path, text] of Object.entries(files)) {
      assert.equal(await readFile(join(model, path), 'utf8'), text);
    }
  });
}

test('for KServe the service stands beside, and names a runtime that speaks the protocol', async () => {
  await writeTinyBundle(bundle, { name: 'Row_Reader.2' });
  await exportForServer(bundle, 'kserve', repository);
  const service = parse(await readFile(join(repository, 'inference-service.yaml'), 'utf8'));
  assert.equal(service.apiVersion, 'serving.kserve.io/v1beta1');
  assert.equal(service.kind, 'InferenceService');
  assert.equal(service.metadata.name, 'row-reader-2');
  const { model } = service.spec.predictor;
  assert.deepEqual(
    [model.runtime, model.protocolVersion, model.modelFormat.name],
    ['kserve-tritonserver', 'v2', 'onnx'],
  );
  assert.match(model.storageUri, /^pvc:\/\//);
});

test('a service has a name that KServe takes: a letter first, no hyphen last, 63 characters at most', () => {
  const long = `${'a'.repeat(62)}-b`;
  const names = { '7_segments': 'digits-7-segments', [long]: 'a'.repeat(62), _: 'digits', Reader_: 'reader' };
  for (const [name, expected] of Object.entries(names)) {
    const { metadata } = parse(inferenceService({ name, version: '1' } as Manifest));
    assert.equal(metadata.name, expected);
  }
});

test('nothing is overwritten that is no model, and nothing is left behind', async () => {
  await mkdir(join(repository, 'row-reader'), { recursive: true });
  await writeFile(join(repository, 'row-reader', 'thesis.txt'), 'years of work');
  await assert.rejects(exportForServer(bundle, 'triton', repository), {
    code: 'bad-usage',
    message: /got a folder with thesis\.txt/,
  });
  assert.deepEqual(await filesOf(repository), ['row-reader/thesis.txt']);
  await writeTinyBundle(bundle, { name: '../elsewhere' });
  await assert.rejects(exportForServer(bundle, 'triton', repository), { code: 'bad-input' });
  assert.deepEqual(await readdir(root), ['bundle', 'models']);
  await writeFile(join(bundle, 'model.onnx'), 'cut off');
  await assert.rejects(exportForServer(bundle, 'triton', repository), { code: 'corrupt' });
});

const PYTHON = process.env.TENFOLD_PYTHON ?? 'python3';
const NEEDED = 'import tritonclient.grpc.model_config_pb2, google.protobuf';
const hasTriton = spawnSync(PYTHON, ['-c', NEEDED]).status === 0;

/** Reads it as Triton does, and tells what it read. */
const READ = `
import json, sys
from google.protobuf import json_format, text_format
from tritonclient.grpc.model_config_pb2 import ModelConfig
print(json.dumps(json_format.MessageToDict(text_format.Parse(open(sys.argv[1]).read(), ModelConfig()))))`;

test('Triton’s own message reads the configuration', {
  skip: !hasTriton && `${PYTHON} has no tritonclient[grpc]; TENFOLD_PYTHON names one that has`,
}, async () => {
  await exportForServer(bundle, 'triton', repository);
  const { status, stdout, stderr } = spawnSync(
    PYTHON,
    ['-c', READ, join(repository, 'row-reader/config.pbtxt')],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  const config = JSON.parse(stdout);
  assert.deepEqual(config.input, [{ name: 'input', dataType: 'TYPE_FP32', dims: ['1', '28', '28'] }]);
  assert.deepEqual(
    config.output.map(({ name, dims, labelFilename }: Record<string, unknown>) => [
      name,
      dims,
      labelFilename,
    ]),
    [
      ['logits', ['10'], 'labels.txt'],
      ['probabilities', ['10'], 'labels.txt'],
    ],
  );
  assert.deepEqual(config.dynamicBatching.preferredBatchSize, [64]);
  assert.deepEqual(
    config.modelWarmup.map(({ batchSize }: { batchSize: number }) => batchSize),
    [1, 64],
  );
  assert.equal(config.parameters['tenfold.version'].stringValue, '1.2.3');
});
