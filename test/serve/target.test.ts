import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Outcome, rawExchange } from '../faults/raw-exchange.js';
import { startTestService, type TestService } from './service.js';

const LIMIT_MILLISECONDS = 10_000;

let service: TestService;
before(async () => {
  service = await startTestService();
});
after(() => service.close());

async function ask(line: string): Promise<Extract<Outcome, { kind: 'answered' }>> {
  const bytes = Buffer.from(`${line} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`);
  const outcome = await rawExchange(
    new URL(service.url),
    { name: line, bytes, ends: false },
    LIMIT_MILLISECONDS,
  );
  assert.ok(outcome.kind === 'answered', `${line}: ${outcome.kind}`);
  return outcome;
}

test('a target that is neither a path nor a URL is a problem, not a page of Express', async () => {
  for (const target of ['http://[::1/predict', '*']) {
    const { status, headers, body } = await ask(`OPTIONS ${target}`);
    assert.equal(status, 400, target);
    assert.equal(headers.get('content-type'), 'application/problem+json');
    assert.match(JSON.parse(body.toString()).error, /^Expected a path or a URL for the request target/);
  }
});

test('a target that is a URL means its path, as a proxy sends it', async () => {
  const { status, body } = await ask('GET http://digits.example/livez?x=1');
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(body.toString()), { status: 'alive' });
});

test('another method than GET is a problem too, by whether there is such a file', async () => {
  const statuses = { '/model/manifest.json': 405, '/model/none': 404, '/openapi.json': 405, '/none': 404 };
  for (const [path, expected] of Object.entries(statuses)) {
    for (const method of ['OPTIONS', 'POST']) {
      const { status, headers } = await ask(`${method} ${path}`);
      assert.deepEqual([status, headers.get('content-type')], [expected, 'application/problem+json'], path);
      assert.equal(headers.get('allow'), expected === 405 ? 'GET' : undefined);
    }
  }
});
