import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { INPUT_LENGTH } from '../../../core/image.js';
import * as schemas from '../../../serve/open-inference/schemas.js';
import { infer, inputOf, parametersOf, ROW } from './infer-body.js';
import { type OpenInferenceService, startOpenInference } from './service.js';

let service: OpenInferenceService;
before(async () => {
  service = await startOpenInference();
});
after(() => service.close());

const MODEL = '/v2/models/row-reader';

test('what is answered is what the schemas describe, and all of it', async () => {
  await post(infer({ inputs: [inputOf({ data: ROW })] }).body);
  const described = [
    ['/v2', schemas.serverMetadataSchema],
    ['/v2/', schemas.serverMetadataSchema],
    ['/v2/health/live', schemas.liveSchema],
    ['/v2/health/ready', schemas.readySchema],
    [MODEL, schemas.modelMetadataSchema],
    [`${MODEL}/versions/1.2.3`, schemas.modelMetadataSchema],
    [`${MODEL}/ready`, schemas.modelReadySchema],
    [`${MODEL}/versions/1%2E2%2e3/ready`, schemas.modelReadySchema],
    ['/v2/models/row%2Dreader/config', schemas.modelConfigSchema],
    [`${MODEL}/stats`, schemas.statisticsSchema],
    [`${MODEL}/versions/1.2.3/stats`, schemas.statisticsSchema],
    ['/v2/models/stats', schemas.statisticsSchema],
  ] as const;
  for (const [path, schema] of described) {
    const response = await fetch(`${service.url}${path}`);
    const body: unknown = await response.json();
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get('content-type'), 'application/json', path);
    assert.deepEqual(schema.parse(body), body, path);
  }
});

test('every schema can be told as JSON Schema', () => {
  for (const [name, schema] of Object.entries(schemas)) {
    const { $schema, ...told } = z.toJSONSchema(schema, { io: 'input' });
    assert.match($schema ?? '', /2020-12/, name);
    assert.ok(Object.keys(told).length > 1, name);
  }
});

test('statistics count what was done', async () => {
  const own = await startOpenInference();
  try {
    const url = `${own.url}${MODEL}`;
    for (const rows of [1, 2, 2]) {
      const data = new Array(rows).fill(ROW);
      const body = JSON.stringify({ inputs: [inputOf({ shape: [rows, 1, 28, 28], data })] });
      assert.equal((await fetch(`${url}/infer`, { method: 'POST', body })).status, 200);
    }
    const model = { name: 'row-reader', version: '1.2.3' };
    own.statistics.answered({
      model,
      failure: 'unavailable',
      images: 9,
      totalMilliseconds: 2,
      queueMilliseconds: 2,
    });
    const { model_stats } = schemas.statisticsSchema.parse(await (await fetch(`${url}/stats`)).json());
    const [stats] = model_stats;
    assert.ok(Math.abs(stats!.last_inference - Date.now()) < 60_000);
    const ns = (count: number, milliseconds: number) => ({ count, ns: count * milliseconds * 1e6 });
    const computed = (count: number) => ({
      compute_input: ns(count, 0),
      compute_infer: ns(count, 0.5),
      compute_output: ns(count, 0),
    });
    assert.deepEqual(
      { ...stats, last_inference: 0 },
      {
        name: 'row-reader',
        // perf_analyzer takes versions for numbers.
        version: '1',
        version_name: '1.2.3',
        last_inference: 0,
        inference_count: 5,
        execution_count: 3,
        inference_stats: {
          success: ns(3, 1),
          fail: ns(1, 2),
          queue: ns(3, 0.25),
          ...computed(3),
          cache_hit: ns(0, 0),
          cache_miss: ns(0, 0),
        },
        batch_stats: [
          { batch_size: 1, ...computed(1) },
          { batch_size: 2, ...computed(2) },
        ],
      },
    );
  } finally {
    await own.close();
  }
});

async function post(body: Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${service.url}${MODEL}/infer`, { method: 'POST', body: new Uint8Array(body), headers });
}

const values = new Float32Array(64 * INPUT_LENGTH).map((_, index) => (index % 97) / 96);
const many = infer(
  {
    id: 'many',
    inputs: [inputOf({ shape: [64, 1, 28, 28], ...parametersOf(values) })],
    parameters: { binary_data_output: true },
  },
  values,
);
const lengthOf = ({ jsonBytes }: typeof many) => ({ 'inference-header-content-length': `${jsonBytes}` });

async function floatsOf(response: Response): Promise<Float32Array[]> {
  const bytes = await response.arrayBuffer();
  const end = Number(response.headers.get('inference-header-content-length'));
  const json = JSON.parse(new TextDecoder().decode(bytes.slice(0, end)));
  assert.deepEqual(schemas.inferResponseSchema.parse(json), json);
  let at = end;
  return json.outputs.map((output: { parameters: { binary_data_size: number } }) => {
    const size = output.parameters.binary_data_size;
    at += size;
    return new Float32Array(bytes.slice(at - size, at));
  });
}

test('bodies are compressed or not, both ways, and say the same', async () => {
  const { logits, probabilities } = await service.runner.run(values.slice(), 64);
  const encode = { identity: (bytes: Buffer) => bytes, gzip: gzipSync, deflate: deflateSync };
  for (const [sent, compress] of Object.entries(encode)) {
    for (const accepted of Object.keys(encode)) {
      const response = await post(compress(many.body), {
        ...lengthOf(many),
        'content-encoding': sent,
        'accept-encoding': accepted,
      });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'application/octet-stream');
      assert.equal(response.headers.get('content-encoding') ?? 'identity', accepted);
      // fetch decompresses.
      assert.deepEqual(await floatsOf(response), [logits, probabilities], `${sent}, ${accepted}`);
    }
  }
});

test('the names of codings are the same in capitals', async () => {
  for (const [coding, body] of Object.entries({ Identity: many.body, GZip: gzipSync(many.body) })) {
    const response = await post(body, { ...lengthOf(many), 'content-encoding': coding });
    assert.equal(response.status, 200, `${coding}: ${await response.text()}`);
  }
});

test('a client may weigh codings, and a small answer is never compressed', async () => {
  const codingFor = async (body: typeof many, accepted: string) => {
    const headers = body.jsonBytes === null ? {} : lengthOf(body);
    const response = await post(body.body, { ...headers, 'accept-encoding': accepted });
    return response.headers.get('content-encoding');
  };
  assert.equal(await codingFor(many, 'gzip;q=0.2, deflate;q=0.7, br'), 'deflate');
  assert.equal(await codingFor(many, 'gzip;q=0, identity'), null);
  assert.equal(await codingFor(many, 'zstd'), null);
  assert.equal(await codingFor(infer({ inputs: [inputOf({ data: ROW })] }), 'gzip'), null);
});

test('one picture without any JSON is answered in bytes', async () => {
  const row = values.subarray(0, INPUT_LENGTH);
  const response = await post(Buffer.from(row.buffer, 0, row.byteLength), {
    'inference-header-content-length': '0',
  });
  assert.equal(response.status, 200);
  const { logits, probabilities } = await service.runner.run(row.slice(), 1);
  assert.deepEqual(await floatsOf(response), [logits, probabilities]);
});

const change = (url: string, what: string, body?: object) =>
  fetch(`${url}/v2/repository/models/row-reader/${what}`, {
    method: 'POST',
    ...(body && { body: JSON.stringify(body) }),
  });

test('models are loaded and unloaded only where the service lets clients do it', async () => {
  for (const what of ['load', 'unload']) {
    const response = await change(service.url, what);
    assert.equal(response.status, 403);
    assert.match(
      ((await response.json()) as { error: string }).error,
      new RegExp(`clients may ${what} models`),
    );
  }
  assert.equal((await fetch(`${service.url}${MODEL}/ready`)).status, 200);
});

test('a model whose workers are gone is not ready, and is again once they are back', async () => {
  const own = await startOpenInference();
  try {
    for (const path of [`${MODEL}/ready`, `${MODEL}/versions/1.2.3/ready`]) {
      own.workers.areReady = false;
      const response = await fetch(`${own.url}${path}`);
      assert.equal(response.status, 503);
      assert.match(
        ((await response.json()) as { error: string }).error,
        /^Expected a worker that answers for the model row-reader, got /,
      );
      own.workers.areReady = true;
      assert.equal((await fetch(`${own.url}${path}`)).status, 200);
    }
  } finally {
    await own.close();
  }
});

test('what is unloaded is listed, and not ready', async () => {
  const own = await startOpenInference({ control: true });
  const index = async (body?: object) => {
    const response = await fetch(`${own.url}/v2/repository/index`, {
      method: 'POST',
      ...(body && { body: JSON.stringify(body) }),
    });
    return schemas.repositoryIndexSchema.parse(await response.json());
  };
  try {
    const entry = { name: 'row-reader', version: '1.2.3' };
    assert.deepEqual(await index(), [{ ...entry, state: 'READY', reason: '' }]);
    assert.equal((await change(own.url, 'unload', { parameters: { unload_dependents: false } })).status, 200);
    assert.deepEqual(await index({}), [{ ...entry, state: 'UNAVAILABLE', reason: 'unloaded' }]);
    assert.deepEqual(await index({ ready: true }), []);
    assert.equal((await fetch(`${own.url}/v2/health/ready`)).status, 503);
    assert.equal((await fetch(`${own.url}/v2/health/live`)).status, 200);
    assert.equal((await fetch(`${own.url}${MODEL}/ready`)).status, 404);
    assert.equal(
      (await change(own.url, 'load', { parameters: { 'file:1/model.onnx': 'AA==' } })).status,
      400,
    );
    assert.equal((await change(own.url, 'load')).status, 200);
    assert.equal((await fetch(`${own.url}${MODEL}/ready`)).status, 200);
  } finally {
    await own.close();
  }
});
