import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { TenfoldError } from '../../core/errors.js';
import { RUN_FILES } from '../../core/run.js';
import { exportGraph } from '../../export/export-graph.js';
import { temporaryFolder, writeModel } from './run-fixture.js';
import { chain, l, randomize } from './support.js';

/** A model with a nested one, a layer used twice, and a layer of each kind whose options mean something. */
async function written(context: TestContext) {
  const folder = temporaryFolder(context);
  const input = tfl.input({ shape: [4, 4, 2] });
  const nested = chain(
    [4, 4, 2],
    l.conv2d({ filters: 2, kernelSize: 3, padding: 'same' }),
    l.batchNormalization(),
  );
  const pool = l.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' });
  const apply = (layer: tfl.layers.Layer, value: SymbolicTensor) => layer.apply(value) as SymbolicTensor;
  const map = apply(pool, apply(nested, apply(pool, apply(l.zeroPadding2d({ padding: 0 }), input))));
  const row = apply(l.prelu(), apply(l.flatten(), apply(l.reshape({ targetShape: [8, 4] }), map)));
  const outputs = apply(l.softmax(), apply(l.dense({ units: 3 }), row));
  const file = await writeModel(join(folder, 'model'), randomize(tfl.model({ inputs: input, outputs })));
  return {
    file,
    json: readFileSync(file, 'utf8'),
    weights: readFileSync(join(dirname(file), RUN_FILES.weights)),
    out: join(folder, 'out', 'graphs', 'model.onnx'),
    outFolder: join(folder, 'out'),
  };
}

type Files = Awaited<ReturnType<typeof written>>;

/** The model is exported, or refused in words; a refused one leaves nothing behind. */
async function assertTold({ file, out, outFolder }: Files): Promise<void> {
  try {
    await exportGraph(file, out);
    rmSync(outFolder, { recursive: true });
  } catch (error) {
    assert.ok(error instanceof TenfoldError, `${(error as Error).stack}`);
    assert.ok(['bad-input', 'corrupt', 'not-found', 'failed'].includes(error.code), error.code);
    assert.match(error.message, /^Expected .* for .*, got .*\. [A-Z]/s);
    assert.equal(existsSync(outFolder), false, 'an output folder is left behind');
  }
}

/** What stands in place of a value: small enough for a network of that size to be built. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    'same',
    'valid',
    'softmax',
    'Lambda',
    'bfloat16',
    [],
    {},
    [null],
    [[]],
  ),
  fc.constantFrom(-1, 0, 0.5, 1, 2, 3, 7, 1e300, 2 ** 53),
  fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 5 }),
);

/** Every place in a tree of JSON. */
function placesOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, member]) => placesOf(member, [...path, key]))];
}

function changed(tree: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = (Array.isArray(tree) ? [...tree] : { ...(tree as object) }) as Record<string, unknown>;
  const member = changed(copy[key], rest, value);
  if (member === undefined) delete copy[key];
  else copy[key] = member;
  return copy;
}

test('whatever stands in a model.json, it is exported or refused in words, and nothing is left behind', async (context) => {
  const files = await written(context);
  const tree = JSON.parse(files.json) as unknown;
  const places = placesOf(tree);
  const change = fc.record({
    place: fc.constantFrom(...places),
    value: fc.oneof(strange, fc.constant(undefined)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
      const damaged = changes.reduce((whole: unknown, { place, value }) => {
        try {
          return changed(whole, place, value);
        } catch {
          return whole;
        }
      }, tree);
      writeFileSync(files.file, JSON.stringify(damaged) ?? '');
      await assertTold(files);
    }),
    { numRuns: 300 },
  );
});

test('whatever becomes of the bytes of a model.json and its weights, likewise', async (context) => {
  const files = await written(context);
  const shard = join(dirname(files.file), RUN_FILES.weights);
  const spoilt = (whole: Uint8Array) =>
    fc.oneof(
      fc.nat(whole.length).map((length) => whole.slice(0, length)),
      fc.uint8Array({ minLength: 1, maxLength: 9 }).map((more) => Uint8Array.from([...whole, ...more])),
      fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = byte;
        return bytes;
      }),
    );
  const text = Buffer.from(files.json);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.record({ json: spoilt(text), weights: fc.constant<Uint8Array>(files.weights) }),
        fc.record({ json: fc.constant<Uint8Array>(text), weights: spoilt(files.weights) }),
      ),
      async ({ json, weights }) => {
        writeFileSync(files.file, json);
        writeFileSync(shard, weights);
        await assertTold(files);
      },
    ),
    { numRuns: 150 },
  );
});
