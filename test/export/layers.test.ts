import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SUPPORTED_LAYERS } from '../../export/layers/index.js';
import { GRIDS } from './grids/index.js';
import { assertSubject } from './judged/assert-subject.js';
import { type GridClass, layerSubject } from './judged/subjects.js';
import { assertParity, chain, l } from './support.js';

const compared = { networks: 0, combinations: 0 };

for (const className of Object.keys(GRIDS) as GridClass[]) {
  const grid = GRIDS[className];
  const combinations = grid.filter(({ isPermuted }) => !isPermuted).length;
  const networks = `${grid.length} ${grid.length === 1 ? 'network' : 'networks'}`;
  test(`${className}: ${combinations} combinations of options agree with TensorFlow.js, in ${networks}`, async () => {
    await assertSubject(layerSubject(className));
    compared.networks += grid.length;
    compared.combinations += combinations;
  });
}

test('every supported layer has its grid', (t) => {
  assert.deepEqual([...Object.keys(GRIDS), 'InputLayer'].sort(), [...SUPPORTED_LAYERS].sort());
  const { combinations, networks } = compared;
  const layers = `${Object.keys(GRIDS).length} layers`;
  t.diagnostic(
    `${combinations} combinations of options of ${layers} compared with TensorFlow.js, in ${networks} networks`,
  );
});

test('same padding puts an odd pixel after, as TensorFlow does', async () => {
  const { conversion } = await assertParity(
    chain([5, 6, 1], l.conv2d({ filters: 1, kernelSize: 2, strides: 2, padding: 'same' })),
  );
  assert.equal(conversion.nodes, 1);
});

test('a dense layer without bias is a MatMul, since ONNX Runtime 1.12 refuses such a Gemm before a ReLU', async () => {
  const { operators } = await assertParity(
    chain([7], l.dense({ units: 5, useBias: false, activation: 'relu' }), l.dense({ units: 3 })),
  );
  assert.deepEqual(operators, ['MatMul', 'Relu', 'Gemm']);
});
