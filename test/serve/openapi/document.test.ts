import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { FIGURES_FILE } from '../../../core/figures.js';
import { CONFIG_OPTIONS } from '../../../serve/config/service-config.js';
import { DEFAULT_BUNDLE } from '../../../serve/models/bundle.js';
import type { OpenApiDocument } from '../../../serve/openapi/document.js';
import { greyPng, rowPicture } from '../pictures.js';
import { form, startTestService, type TestService } from '../service.js';
import { Published } from './published.js';

let service: TestService;
let document: OpenApiDocument;
let published: Published;
before(async () => {
  service = await startTestService({ bodyBytes: 100_000 });
  document = (await (await fetch(`${service.url}/openapi.json`)).json()) as OpenApiDocument;
  published = new Published(document);
});
after(() => service.close());

test('the document keeps to the schema of OpenAPI 3.1, and all of its references lead somewhere', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate({ ...document });
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, '3.1');
  assert.doesNotThrow(() => validator.resolveRefs());
});

test('every schema compiles, and every example is what its schema allows', () => {
  const mediaTypes = published.mediaTypes();
  assert.ok(mediaTypes.length > 20, `${mediaTypes.length} media types`);
  let examples = 0;
  for (const { place, examples: values } of mediaTypes) {
    if (values.length === 0) assert.doesNotThrow(() => published.compile(...place), place.join(' '));
    for (const value of values) published.check(value, ...place);
    examples += values.length;
  }
  assert.ok(examples >= 14, `${examples} examples`);
});

test('an operation has its own name, and each path parameter is described', () => {
  const ids: string[] = [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const operation of [item.get, item.post].filter((each) => each !== undefined)) {
      ids.push(operation.operationId!);
      const described = (operation.parameters ?? []).flatMap((parameter) =>
        'in' in parameter && parameter.in === 'path' ? [`{${parameter.name}}`] : [],
      );
      assert.deepEqual(described, path.match(/\{\w+\}/g) ?? [], path);
    }
  }
  assert.deepEqual(ids, [...new Set(ids)]);
});

const good = greyPng(rowPicture(3));
const post = (body: BodyInit, type?: string): RequestInit => ({
  method: 'POST',
  body,
  ...(type && { headers: { 'content-type': type } }),
});
const json = (value: unknown) => post(JSON.stringify(value), 'application/json');

const range = (value: string): RequestInit => ({ headers: { range: value } });

const INFER = '/v2/models/row-reader/infer';
const INFER_AS = '/v2/models/{model_name}/infer';
const TENSOR = {
  inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 1, 28, 28], data: new Array(784).fill(0) }],
};

const REQUESTS: { path: string; as?: string; query?: string; init?: () => RequestInit; status: number }[] = [
  { path: '/predict', init: () => post(form([good, good])), status: 200 },
  { path: '/predict', query: '?top=3', init: () => post(form([good])), status: 200 },
  { path: '/predict', query: '?digits=many&top=2', init: () => post(form([good])), status: 200 },
  { path: '/predict', init: () => json({ pixels: new Array(784).fill(0) }), status: 200 },
  { path: '/predict', init: () => json({ image: good.toString('base64') }), status: 200 },
  { path: '/predict', query: '?model=row-reader&version=1.2.3', init: () => post(form([good])), status: 200 },
  { path: '/predict', query: '?model=nobody', init: () => post(form([good])), status: 404 },
  { path: '/predict', query: '?top=11', init: () => post(form([good])), status: 400 },
  { path: '/predict', init: () => post(new Uint8Array(100_001)), status: 413 },
  { path: '/predict', init: () => post('%PDF-1.7'), status: 415 },
  { path: INFER, as: INFER_AS, init: () => json(TENSOR), status: 200 },
  { path: INFER, as: INFER_AS, init: () => json({}), status: 400 },
  { path: '/v2/models/nobody/infer', as: INFER_AS, init: () => json(TENSOR), status: 404 },
  { path: INFER, as: INFER_AS, init: () => post(new Uint8Array(100_001)), status: 413 },
  {
    path: INFER,
    as: INFER_AS,
    init: () => ({ ...json({}), headers: { 'content-encoding': 'br' } }),
    status: 415,
  },
  { path: '/v2/models/row-reader/ready', as: '/v2/models/{model_name}/ready', status: 200 },
  { path: '/livez', status: 200 },
  { path: '/readyz', status: 200 },
  { path: '/openapi.json', status: 200 },
  { path: '/model/manifest.json', as: '/model/{file}', status: 200 },
  { path: '/model/model.bin', as: '/model/{file}', status: 404 },
  { path: '/model/model.onnx', as: '/model/{file}', init: () => range('bytes=999999-'), status: 416 },
  { path: '/v2/repository/index', init: () => post(new Uint8Array(100_001)), status: 413 },
  {
    path: '/v2/repository/index',
    init: () => ({ ...json({}), headers: { 'content-encoding': 'br' } }),
    status: 415,
  },
];

for (const { path, as = path, query = '', init, status } of REQUESTS) {
  const method = init?.().method === 'POST' ? 'post' : 'get';
  test(`a real answer is what the document says: ${method} ${path}${query}, ${status}`, async () => {
    const response = await fetch(`${service.url}${path}${query}`, init?.());
    const body: unknown = await response.json();
    assert.equal(response.status, status, JSON.stringify(body));
    const type = response.headers.get('content-type')!.split(';')[0]!;
    const { place } = published.at('paths', as, method, 'responses', String(status));
    published.check(body, ...place, 'content', type, 'schema');
  });
}

test('answers that are no JSON are described by their types', async () => {
  const binary = { ...post(new Uint8Array(3136)), headers: { 'inference-header-content-length': '0' } };
  const open = { headers: { accept: 'application/openmetrics-text' } };
  const asked: [path: string, as: string, init: RequestInit, status: number][] = [
    [INFER, INFER_AS, binary, 200],
    ['/metrics', '/metrics', open, 200],
    ['/metrics', '/metrics', {}, 200],
    ['/model/model.onnx', '/model/{file}', {}, 200],
    ['/model/model.onnx', '/model/{file}', range('bytes=0-9'), 206],
  ];
  for (const [path, as, init, status] of asked) {
    const response = await fetch(`${service.url}${path}`, init);
    await response.arrayBuffer();
    assert.equal(response.status, status, path);
    const type = response.headers.get('content-type')!.split(';')[0]!;
    const { value } = published.at('paths', as, init.method ? 'post' : 'get', 'responses', String(status));
    assert.ok(Object.hasOwn(value.content as object, type), `${path}: ${type}`);
  }
});

test('the figures of a card are what the document says of a file, and their name is one of those', () => {
  const figures = JSON.parse(readFileSync(join(DEFAULT_BUNDLE, FIGURES_FILE), 'utf8'));
  const { place } = published.at('paths', '/model/{file}', 'get', 'responses', '200');
  published.check(figures, ...place, 'content', 'application/json', 'schema');
  assert.ok(JSON.stringify(document.paths!['/model/{file}']).includes(`"${FIGURES_FILE}"`));
});

test('wherever a key may be asked for, what those without one or with too many requests get is described', () => {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const operation of [item.get, item.post].filter((each) => each?.security !== undefined)) {
      for (const status of ['401', '429']) assert.ok(operation!.responses![status], `${path} ${status}`);
    }
  }
  assert.ok(document.paths!['/v2/repository/models/{model_name}/load']!.post!.responses!['500']);
});

test('what keys, rates and failures answer is described wherever models work', () => {
  for (const path of ['/predict', INFER_AS, '/v2/models/{model_name}/versions/{model_version}/infer']) {
    const described = Object.keys(document.paths![path]!.post!.responses!);
    for (const status of ['401', '429', '500', '503'])
      assert.ok(described.includes(status), `${path} ${status}`);
  }
});

test('flags that the document names are settings', () => {
  const named = [...JSON.stringify(document).matchAll(/`--([a-z-]+)/g)].map(([, flag]) => flag!);
  assert.ok(named.includes('control'));
  assert.deepEqual(
    named.filter((flag) => !Object.hasOwn(CONFIG_OPTIONS, flag)),
    [],
  );
});

test('what the document does not allow is found', async () => {
  const response = await fetch(`${service.url}/predict`, post(form([good])));
  const { model: _, ...body } = (await response.json()) as { model: object };
  const { place } = published.at('paths', '/predict', 'post', 'responses', '200');
  assert.throws(() => published.check(body, ...place, 'content', 'application/json', 'schema'), /'model'/);
});
