import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel as loadWithTensorFlow } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { RUN_FILES } from '../../core/run.js';
import { exportGraph } from '../../export/export-graph.js';
import { temporaryFolder, writeModel } from './run-fixture.js';
import { chain, l, parseGraph } from './support.js';

interface Stored {
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; quantization?: object }[] }[];
}

/** Bytes of one element, of each type that tensorflowjs_converter quantises to. */
const BYTES = { uint8: 1, uint16: 2, float16: 2 } as const;

test('quantised weights are exported as TensorFlow.js itself restores them', async (context) => {
  const folder = temporaryFolder(context);
  const file = await writeModel(folder, chain([3], l.dense({ units: 4, name: 'row' })));
  const plain = readFileSync(file, 'utf8');
  const quantization = fc.record({
    dtype: fc.constantFrom(...(Object.keys(BYTES) as (keyof typeof BYTES)[])),
    scale: fc.double({ min: 1e-6, max: 0.01, noNaN: true }),
    min: fc.double({ min: -1, max: 1, noNaN: true }),
  });
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  await fc.assert(
    fc.asyncProperty(fc.tuple(quantization, quantization), bytes, async (quantizations, given) => {
      // Half-precision infinities and NaN, which no weight is, have all bits of their exponent set.
      const values = given.map((byte) => byte & 0xbb);
      const json = JSON.parse(plain) as Stored;
      const [{ paths, weights }] = json.weightsManifest as [Stored['weightsManifest'][0]];
      const sizes = weights.map((weight, index) => {
        weight.quantization = quantizations[index]!;
        return weight.shape.reduce((product, extent) => product * extent, BYTES[quantizations[index]!.dtype]);
      });
      assert.deepEqual(paths, [RUN_FILES.weights]);
      const data = values.slice(0, sizes[0]! + sizes[1]!);
      writeFileSync(file, JSON.stringify(json));
      writeFileSync(join(dirname(file), RUN_FILES.weights), data);
      const restored = await loadWithTensorFlow(
        tf.io.fromMemory({
          modelTopology: (JSON.parse(plain) as { modelTopology: object }).modelTopology,
          weightSpecs: weights as tf.io.WeightsManifestEntry[],
          weightData: data.buffer as ArrayBuffer,
        }),
      );
      await exportGraph(file, join(folder, 'row.onnx'));
      const { initializer } = parseGraph(new Uint8Array(readFileSync(join(folder, 'row.onnx'))));
      for (const variable of restored.weights) {
        const { rawData } = initializer.find(({ name }) => name === variable.originalName)!;
        assert.deepEqual(new Float32Array(rawData.slice().buffer), variable.read().dataSync());
      }
      restored.dispose();
    }),
    { numRuns: 60 },
  );
});
