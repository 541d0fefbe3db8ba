import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type Exchange, requestIdOf } from '../../../serve/operations/exchange.js';
import { createRouteNames, OTHER_ROUTE, ROUTES } from '../../../serve/operations/routes.js';
import { MODEL, type SmallService, startSmallService, until } from './small-service.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let service: SmallService;
const exchanges: Exchange[] = [];
before(async () => {
  service = await startSmallService([(exchange) => exchanges.push(exchange)], (app) => {
    app.get('/slow', (request, response) => {
      response.write('half');
      request.on('close', () => response.destroy());
    });
    app.get('/id', (_request, response) => {
      response.json(requestIdOf(response));
    });
  });
});
after(() => service.close());

async function exchangeOf(path: string, init: RequestInit = {}): Promise<{ exchange: Exchange; id: string }> {
  const before = exchanges.length;
  const response = await fetch(`${service.url}${path}`, init);
  await response.arrayBuffer();
  await until(exchanges, before + 1);
  return { exchange: exchanges.at(-1)!, id: response.headers.get('x-request-id')! };
}

test('an exchange says what came, what went, and what a model did', async () => {
  const { exchange } = await exchangeOf('/predict?top=3', { method: 'POST', body: 'twelve bytes' });
  assert.equal(exchange.method, 'POST');
  assert.equal(exchange.route, '/predict');
  assert.equal(exchange.status, 200);
  assert.equal(exchange.requestBytes, 12);
  assert.equal(exchange.responseBytes, '{"digit":7}'.length);
  assert.ok(exchange.durationMilliseconds > 0);
  assert.deepEqual(exchange.work?.model, MODEL);
  assert.equal((await exchangeOf('/readyz')).exchange.work, null);
});

test('a sane request id is kept, any other is replaced, and a missing one is made', async () => {
  const given = async (id: string) => exchangeOf('/readyz', { headers: { 'x-request-id': id } });
  for (const sane of [
    'a',
    '6f1c2d3e-4b5a-4789-90ab-cdef01234567',
    'Root=1-67891233-abcdef',
    'x'.repeat(128),
  ]) {
    const { exchange, id } = await given(sane);
    assert.equal(id, sane);
    assert.equal(exchange.requestId, sane);
  }
  for (const insane of ['', 'a b', 'a,b', '"quoted"', '{json}', 'x'.repeat(129), 'naïve']) {
    const { exchange, id } = await given(insane);
    assert.match(id, UUID, insane);
    assert.equal(exchange.requestId, id);
  }
  const { exchange: first } = await exchangeOf('/readyz');
  const { exchange: second } = await exchangeOf('/readyz');
  assert.match(first.requestId, UUID);
  assert.notEqual(first.requestId, second.requestId);
});

test('routes can ask for the id that they answer under', async () => {
  const response = await fetch(`${service.url}/id`, { headers: { 'x-request-id': 'mine' } });
  assert.equal(await response.json(), 'mine');
});

test('a client that goes away before its answer is whole is told apart', async () => {
  const before = exchanges.length;
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
  await until(exchanges, before + 1);
  assert.equal(exchanges.at(-1)!.status, 499);
});

test('a method that HTTP does not know is not told on', async () => {
  const before = exchanges.length;
  // Node's parser takes WebDAV's methods as well.
  await fetch(`${service.url}/readyz`, { method: 'PROPFIND' });
  await until(exchanges, before + 1);
  assert.equal(exchanges.at(-1)!.method, '_OTHER');
});

test('every path has the name of a template or none', () => {
  const routeOf = createRouteNames();
  assert.equal(routeOf('/v2/models/flagship/infer'), '/v2/models/{model}/infer');
  assert.equal(routeOf('/v2/models/stats'), '/v2/models/stats');
  assert.equal(routeOf('/v2/models/a/versions/2.0/infer'), '/v2/models/{model}/versions/{version}/infer');
  assert.equal(routeOf('/model/model.onnx'), '/model/{file}');
  assert.equal(routeOf('/model/pictures/training.png'), '/model/pictures/{file}');
  // As Express has it, they are answered.
  for (const path of ['/predict/', '/PREDICT', '/Predict/']) assert.equal(routeOf(path), '/predict', path);
  assert.equal(routeOf('/V2/models/Flagship/infer/'), '/v2/models/{model}/infer');
  for (const path of [
    '/model/a/b',
    '/predict//',
    '/v2/Models/a',
    '/v22',
    '//',
    '',
    '/v2/models//infer',
    '/digit-classifierXjs',
  ]) {
    assert.equal(routeOf(path), OTHER_ROUTE, path);
  }
  const names = new Set<string>([...ROUTES, OTHER_ROUTE]);
  const segment = fc.oneof(fc.string(), fc.constantFrom('v2', 'models', 'infer', '{model}', 'predict'));
  fc.assert(
    fc.property(fc.array(segment), (segments) => {
      assert.ok(names.has(routeOf(`/${segments.join('/')}`)));
    }),
  );
});
