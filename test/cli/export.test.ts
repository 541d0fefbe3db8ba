import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tfl from '@tensorflow/tfjs-layers';
import type { GraphResult } from '../../export/export-graph.js';
import type { ServedGraphResult } from '../../export/targets/index.js';
import { writeModel } from '../export/run-fixture.js';
import { chain, l, randomize } from '../export/support.js';
import { writeTinyBundle } from '../serve/tiny-bundle.js';
import { assertRefused, resultOf, temporaryFolder, tenfold } from './command-line.js';
import { writeSmallData } from './small-data.js';

test('any Layers model becomes one .onnx file, named after its folder unless told otherwise', async (context) => {
  const folder = temporaryFolder(context);
  const input = tfl.input({ shape: [12, 2], name: 'wave' });
  const layers = [l.conv1d({ filters: 3, kernelSize: 3 }), l.globalMaxPooling1d(), l.dense({ units: 2 })];
  const output = layers.reduce((value, layer) => layer.apply(value) as tfl.SymbolicTensor, input);
  await writeModel(join(folder, 'waves'), randomize(tfl.model({ inputs: input, outputs: output })));
  const result = await resultOf<GraphResult>(['export', 'waves/model.json', '--target', 'onnx'], folder);
  assert.equal(result.graph, 'waves.onnx');
  assert.equal(statSync(join(folder, 'waves.onnx')).size, result.bytes);
  assert.deepEqual(result.inputs[0]!.shape, ['batch', 12, 2]);
  assert.ok(result.parity.maxDiff <= 1e-5);
  const named = ['export', 'waves/model.json', '--target', 'onnx', '--out', 'graphs/a.onnx'];
  assert.equal(
    (await resultOf<GraphResult>(named, folder)).bytes,
    statSync(join(folder, 'graphs/a.onnx')).size,
  );
});

test('a layer that cannot be exported leaves no file and no folder', async (context) => {
  const folder = temporaryFolder(context);
  await writeModel(
    join(folder, 'masked'),
    chain([4, 2], l.masking({ name: 'mask' }), l.globalMaxPooling1d()),
  );
  const args = ['export', 'masked/model.json', '--target', 'onnx', '--out', 'graphs/a.onnx'];
  const message = /for the class of the layer "mask", layer 2 of 3 of the model "\w+", got Masking/;
  assertRefused(await tenfold(args, folder), 2, message);
  assert.equal(existsSync(join(folder, 'graphs')), false);
});

test('with --preprocess a bundle becomes a graph that takes pictures, compared on the digits of --data', async (context) => {
  const folder = temporaryFolder(context);
  await writeTinyBundle(join(folder, 'bundle'));
  await writeSmallData(join(folder, 'data'), { train: 1, test: 96 });
  const args = ['export', 'bundle', '--target', 'onnx'];
  const plain = await resultOf<ServedGraphResult>([...args, '--out', 'plain.onnx'], folder);
  assert.equal(plain.preprocessing, null);
  const result = await resultOf<ServedGraphResult>([...args, '--preprocess', '--data', 'data'], folder);
  assert.equal(result.preprocessing!.pictures, 96);
  assert.equal(result.graph, 'bundle.onnx');
  assert.equal(statSync(join(folder, 'bundle.onnx')).size, result.bytes);
  assert.ok(result.bytes > plain.bytes);
});

test('data that nothing would be done with are refused', async (context) => {
  const folder = temporaryFolder(context);
  await writeTinyBundle(join(folder, 'bundle'));
  for (const target of ['onnx', 'triton', 'kserve']) {
    const message = new RegExp(
      `Expected none of --data for --target ${target} without --preprocess, got --data`,
    );
    assertRefused(
      await tenfold(['export', 'bundle', '--target', target, '--data', 'gone'], folder),
      2,
      message,
    );
  }
});
