import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { type Level, pino } from 'pino';
import type { Exchange } from '../../../serve/operations/exchange.js';
import { createRequestLog } from '../../../serve/operations/request-log.js';
import { startSmallService, until } from './small-service.js';

/** What pino wrote for a few requests, at that level. */
async function logOf(level: Level): Promise<string> {
  let text = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const exchanges: Exchange[] = [];
  const log = createRequestLog(pino({ level }, destination));
  const service = await startSmallService([log, (exchange) => exchanges.push(exchange)]);
  const form = new FormData();
  form.append('secret-field', new Blob(['secret pixels']), 'secret-name.png');
  const headers = { authorization: 'Bearer secret-key', 'x-request-id': 'known', referer: 'http://secret/' };
  const ask = (path: string, init: RequestInit) => fetch(`${service.url}${path}`, { headers, ...init });
  await ask('/predict?top=3&note=secret-query', { method: 'POST', body: form });
  await ask('/v2/models/secret-model/infer', { method: 'POST', body: '{"secret": 1}' });
  await ask('/secret-path', {});
  await ask('/readyz', {});
  await until(exchanges, 4);
  await service.close();
  return text;
}

test('a request is a line of numbers and names of ours, and nothing of what was sent', async () => {
  const text = await logOf('info');
  const [predict, infer, missing, ...more] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(predict.msg, 'request');
  assert.equal(predict.requestId, 'known');
  assert.equal(predict.route, '/predict');
  assert.equal(predict.status, 200);
  assert.ok(predict.durationMilliseconds > 0 && predict.requestBytes > 100);
  assert.deepEqual(
    [
      predict.model,
      predict.version,
      predict.images,
      predict.decodeMilliseconds,
      predict.inferenceMilliseconds,
    ],
    ['row-reader', '1.2.3', 3, 1, 8],
  );
  assert.equal(infer.route, '/v2/models/{model}/infer');
  assert.equal(infer.status, 503);
  assert.equal(infer.model, undefined);
  assert.equal(missing.route, 'other');
  assert.equal(missing.status, 404);
  assert.deepEqual(more, [], 'a probe that goes well is not worth a line');
  assert.doesNotMatch(text, /secret/);
});

test('above level info nothing is written', async () => {
  assert.equal(await logOf('warn'), '');
});

test('a logger without levels is written to', () => {
  const lines: object[] = [];
  createRequestLog({ info: (fields) => lines.push(fields) })({
    requestId: 'a',
    method: 'GET',
    route: '/readyz',
    status: 503,
    started: 0,
    durationMilliseconds: 0.12345,
    requestBytes: null,
    responseBytes: 2,
    requestHeaders: {},
    work: null,
  });
  assert.deepEqual(lines, [
    {
      requestId: 'a',
      method: 'GET',
      route: '/readyz',
      status: 503,
      durationMilliseconds: 0.123,
      requestBytes: null,
      responseBytes: 2,
    },
  ]);
});
