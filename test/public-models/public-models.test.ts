import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exportGraph } from '../../export/export-graph.js';
import { loadLayersModel } from '../../export/load.js';
import { PARITY_TOLERANCE } from '../../export/verify.js';
import { PUBLIC_MODELS, unpack } from './packages.js';

const root = mkdtempSync(join(tmpdir(), 'tenfold-public-models-'));
after(() => rmSync(root, { recursive: true }));

const unpacked = new Map<string, ReturnType<typeof unpack>>();

for (const [index, { title, from, layers, write }] of PUBLIC_MODELS.entries()) {
  test(`${title}, which nobody here made, exports and gives what TensorFlow.js gives`, async (context) => {
    if (!process.env.TENFOLD_NIGHTLY) return context.skip('fetches 60 MB: npm run test:public-models');
    const fetched = unpacked.get(from.name) ?? unpack(from, join(root, from.name));
    unpacked.set(from.name, fetched);
    if ('missing' in fetched) return context.skip(fetched.missing);
    const folder = join(root, String(index));
    mkdirSync(folder);
    write(fetched.unpacked, folder);
    const model = await loadLayersModel(join(folder, 'model.json'));
    const [count, parameters] = [model.layers.length, model.countParams()];
    model.dispose();
    assert.equal(count, layers);
    const { nodes, bytes, parity } = await exportGraph(
      join(folder, 'model.json'),
      join(folder, 'network.onnx'),
    );
    assert.ok(parity.maxDiff <= PARITY_TOLERANCE);
    context.diagnostic(
      `${title}: ${count} layers, ${parameters} parameters, ${nodes} nodes, ${bytes} bytes, within ${parity.maxDiff}`,
    );
  });
}
