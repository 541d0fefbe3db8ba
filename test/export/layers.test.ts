import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SUPPORTED_LAYERS } from '../../export/layers/index.js';
import { GRIDS } from './grids/index.js';
import { assertParity, chain, l } from './support.js';

const compared = { networks: 0, combinations: 0 };

for (const [className, grid] of Object.entries(GRIDS)) {
  const combinations = grid.filter(({ isPermuted }) => !isPermuted).length;
  test(`${className}: ${combinations} combinations of options agree with TensorFlow.js, in ${grid.length} networks`, async () => {
    for (const [index, { title, model, parity }] of grid.entries()) {
      await assertParity(model(), { seed: index + 1, ...parity }).catch((error: Error) => {
        throw new Error(`${className} ${title}: ${error.message}`, { cause: error });
      });
      compared.networks++;
    }
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
