import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { digestOf } from '../../serve/config/key-digest.js';
import { greyPng, rowPicture } from './pictures.js';
import { startTestService, type TestService } from './service.js';
import { makeTinyBundle, writeTinyBundle } from './tiny-bundle.js';

/** What only the parts together can show: models, protocols, defences and metrics of one running service. */

const KEY = 'a-key-of-many-letters';
let open: TestService;
let guarded: TestService;
before(async () => {
  [open, guarded] = await Promise.all([
    startTestService({ control: true, cacheAnswers: 10 }),
    startTestService({ apiKeys: [digestOf(KEY)], origins: ['https://friend.example'] }),
  ]);
});
after(() => Promise.all([open.close(), guarded.close()]));

const png = (digit: number): BodyInit => new Uint8Array(greyPng(rowPicture(digit)));
const ROW_BYTES = 3136;

async function predict({ url }: TestService, digit: number, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/predict`, { method: 'POST', body: png(digit), headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const infer = ({ url }: TestService, headers: Record<string, string> = {}) =>
  fetch(`${url}/v2/models/row-reader/infer`, {
    method: 'POST',
    body: new Uint8Array(ROW_BYTES),
    headers: { 'inference-header-content-length': '0', ...headers },
  });

/** Sends bytes as they are, and reads to the end of the connection. */
function exchange({ url }: TestService, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
    socket.setTimeout(10_000, () => reject(new Error('no end within 10 s')));
  });
}

test('every request has its id, whichever way it takes', async () => {
  const ids = { 'x-request-id': 'client-7' };
  assert.equal((await predict(open, 1, ids)).headers.get('x-request-id'), 'client-7');
  assert.equal((await infer(open, ids)).headers.get('x-request-id'), 'client-7');
  assert.match((await fetch(`${open.url}/livez`)).headers.get('x-request-id')!, /^[\da-f-]{36}$/);
});

test('what both protocols did is in metrics and statistics', async () => {
  const own = await startTestService();
  try {
    await predict(own, 1);
    assert.equal((await infer(own)).status, 200);
    const metrics = await (await fetch(`${own.url}/metrics`)).text();
    const model = '{model="row-reader",version="1.2.3"}';
    assert.ok(metrics.includes(`nv_inference_request_success${model} 2\n`), metrics);
    assert.ok(metrics.includes(`tenfold_workers_ready${model} 1\n`), metrics);
    for (const route of ['/predict', '/v2/models/{model}/infer']) {
      assert.ok(metrics.includes(`tenfold_http_responses_total{route="${route}",status="200"} 1\n`), metrics);
    }
    const stats = await (await fetch(`${own.url}/v2/models/row-reader/stats`)).json();
    assert.equal(
      (stats as { model_stats: { inference_count: number }[] }).model_stats[0]!.inference_count,
      2,
    );
  } finally {
    await own.close();
  }
});

test('a bundle that took the place of another answers once it is loaded, and remembered answers are not its', async () => {
  const results = async () =>
    (await predict(open, 3)).body as { model: object; results: { digit: number }[] };
  assert.equal((await results()).results[0]!.digit, 3);
  assert.equal((await results()).results[0]!.digit, 3);
  await writeTinyBundle(open.directory, { version: '2', offset: 2 });
  const load = await fetch(`${open.url}/v2/repository/models/row-reader/load`, { method: 'POST' });
  assert.equal(load.status, 200, await load.text());
  const after = await results();
  assert.equal(after.results[0]!.digit, 5);
  assert.deepEqual(after.model, { name: 'row-reader', version: '2' });
  await writeTinyBundle(open.directory);
  await open.reload();
  assert.equal((await results()).results[0]!.digit, 3);
});

test('a service with keys answers those who bring one, on every path to a model', async () => {
  const allowed = { authorization: `Bearer ${KEY}` };
  assert.equal((await predict(guarded, 1)).status, 401);
  assert.equal((await infer(guarded)).status, 401);
  assert.equal((await fetch(`${guarded.url}/metrics`)).status, 401);
  assert.equal((await predict(guarded, 1, allowed)).status, 200);
  assert.equal((await infer(guarded, allowed)).status, 200);
  for (const path of [
    '/livez',
    '/readyz',
    '/v2/health/ready',
    '/docs',
    '/openapi.json',
    '/model/manifest.json',
  ]) {
    assert.notEqual((await fetch(`${guarded.url}${path}`)).status, 401, path);
  }
});

test('pages of origins that are named may call, and others may not', async () => {
  const asked = { authorization: `Bearer ${KEY}`, origin: 'https://friend.example' };
  assert.equal(
    (await predict(guarded, 1, asked)).headers.get('access-control-allow-origin'),
    'https://friend.example',
  );
  const other = await predict(guarded, 1, { ...asked, origin: 'https://else.example' });
  assert.equal(other.headers.get('access-control-allow-origin'), null);
  assert.equal((await predict(open, 1, asked)).headers.get('access-control-allow-origin'), null);
});

test('behind a proxy each client that it names has its own limit', async () => {
  const own = await startTestService({ trustProxy: 1, rateLimit: { requests: 1, milliseconds: 3_600_000 } });
  try {
    const statuses: number[] = [];
    for (const client of ['198.51.100.7', '198.51.100.8', '198.51.100.7']) {
      statuses.push((await predict(own, 1, { 'x-forwarded-for': client })).status);
    }
    assert.deepEqual(statuses, [200, 200, 429]);
  } finally {
    await own.close();
  }
});

test('a canary of all requests answers in place of the model whose name it has', async () => {
  const canary = await makeTinyBundle({ version: '2', offset: 2 });
  const own = await startTestService({ canary: [{ directory: canary.directory, share: 1 }] });
  try {
    const { model, results } = (await predict(own, 3)).body as {
      model: object;
      results: { digit: number }[];
    };
    assert.deepEqual(model, { name: 'row-reader', version: '2' });
    assert.equal(results[0]!.digit, 5);
  } finally {
    await own.close();
    await canary.remove();
  }
});

/** Sends all of a request, and only then reads. */
function sendFirst({ url }: TestService, head: string, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
    socket.write(head);
    socket.write(body, () => socket.resume());
  });
}

test('a refusal reaches a client that sends all first and wants the connection closed', async () => {
  const body = Buffer.alloc(12_000_000);
  const refusals = [
    { service: guarded, head: 'POST /predict HTTP/1.1', status: 401 },
    { service: open, head: 'POST /predict HTTP/1.1', status: 413 },
    { service: open, head: 'POST /predict?top=99 HTTP/1.1', status: 400 },
    { service: open, head: 'POST /predict HTTP/1.0\r\nContent-Encoding: gzip', status: 415 },
    { service: open, head: 'POST /v2/models/row-reader/infer HTTP/1.1', status: 413 },
    { service: open, head: 'POST /nowhere HTTP/1.1', status: 404 },
    { service: open, head: 'POST ftp://a/b HTTP/1.1', status: 400 },
  ];
  for (const { service, head, status } of refusals) {
    const whole = `${head}\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
    const answer = await sendFirst(service, whole, body);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [^]*\\}$`), head);
  }
});

test('what is no request is answered as a problem, and the connection ends', async () => {
  const cases = {
    'GARBAGE\r\n\r\n': 400,
    [`GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`]: 431,
    'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n': 400,
  };
  for (const [bytes, status] of Object.entries(cases)) {
    const answer = await exchange(open, bytes);
    const [head, body] = answer.split('\r\n\r\n');
    assert.match(head!, new RegExp(`^HTTP/1.1 ${status} `), answer);
    assert.match(head!, /Content-Type: application\/problem\+json/);
    const problem = JSON.parse(body!) as { status: number; detail: string; error: string };
    assert.equal(problem.status, status);
    assert.match(problem.detail, /^Expected .+, got .+\. /);
    assert.equal(problem.error, problem.detail);
  }
});

test('a client that is too slow is told so', async () => {
  const own = await startTestService({ headerMilliseconds: 100, requestMilliseconds: 200 });
  try {
    const answer = await exchange(own, 'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12');
    assert.match(answer, /^HTTP\/1\.1 408 [\s\S]*Send it again, faster\./);
  } finally {
    await own.close();
  }
});

test('what never becomes a request of ours has an id, a problem for its body, and is counted', async () => {
  // Only who sends no more is late: whole requests are not, on a machine that is busy too.
  const own = await startTestService({ headerMilliseconds: 2000, requestMilliseconds: 2500 });
  const cases = [
    { bytes: 'GET /livez HTTP/1.1\r\n\r\n', route: '/livez', status: 400 },
    { bytes: 'GET /livez HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n', route: '/livez', status: 417 },
    { bytes: `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, route: 'other', status: 431 },
    { bytes: 'GET / HTTP/1.1\r\nHost', route: 'other', status: 408 },
    {
      bytes: 'POST /predict HTTP/1.1\r\nHost: a\r\nX-Request-Id: slow\r\nContent-Length: 9\r\n\r\n1',
      route: '/predict',
      status: 408,
    },
  ];
  try {
    const answers = await Promise.all(cases.map(({ bytes }) => exchange(own, bytes)));
    for (const [index, { status, bytes }] of cases.entries()) {
      const [head, body] = answers[index]!.split('\r\n\r\n') as [string, string];
      assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\nConnection: close`, 'i'), bytes);
      assert.match(
        head,
        bytes.includes('slow') ? /\nX-Request-Id: slow\r/ : /\nX-Request-Id: [\da-f-]{36}\r/,
      );
      assert.match(JSON.parse(body).detail, /^Expected .+, got .+\. /);
    }
    const uncounted = async () => {
      const metrics = await (await fetch(`${own.url}/metrics`)).text();
      return cases.filter(
        ({ route, status }) =>
          !metrics.includes(`tenfold_http_responses_total{route="${route}",status="${status}"} 1\n`),
      );
    };
    // Who is cut off is counted once the service has closed the connection too, a moment after the client.
    for (let asked = 0; asked < 100 && (await uncounted()).length > 0; asked++);
    assert.deepEqual(await uncounted(), []);
  } finally {
    await own.close();
  }
});

test('a service that ends is not ready, whoever asks', async () => {
  const own = await startTestService();
  const paths = ['/readyz', '/v2/health/ready', '/v2/models/row-reader/ready'];
  const asking = await Promise.all(
    paths.map(async (path) => {
      const socket = connect(Number(new URL(own.url).port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
      });
      await new Promise((resolve) => socket.write(`GET ${path} HTTP/1.1\r\n`, resolve));
      const heard = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
      return { path, heard, ask: () => socket.write('Host: a\r\n\r\n') };
    }),
  );
  // Until the service has read so much.
  assert.equal((await fetch(`${own.url}/v2/health/ready`)).status, 200);
  const closing = own.close();
  for (const { ask } of asking) ask();
  for (const { path, heard } of asking) assert.match(await heard, /^HTTP\/1\.1 503 /, path);
  await closing;
});

test('a client that goes away is no failure of the service', async () => {
  const own = await startTestService();
  try {
    const abort = new AbortController();
    const asked = Array.from({ length: 20 }, (_, digit) =>
      fetch(`${own.url}/predict`, { method: 'POST', body: png(digit % 10), signal: abort.signal }),
    );
    setTimeout(() => abort.abort(), 5);
    await Promise.allSettled(asked);
    assert.equal((await predict(own, 4)).status, 200);
    assert.deepEqual(
      own.log.filter(({ level }) => level !== 'info'),
      [],
    );
  } finally {
    await own.close();
  }
});

test('a connection on which nothing was sent does not hold the end up', async () => {
  const own = await startTestService({ drainMilliseconds: 600_000 });
  const socket = connect(Number(new URL(own.url).port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  // Until the service has taken it: what still waits for that when it ends is reset.
  assert.equal((await fetch(`${own.url}/livez`)).status, 200);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await own.close();
  await closed;
});

test('an upload that does not end holds the end up for the time of draining, and no longer', async () => {
  const own = await startTestService({
    drainMilliseconds: 300,
    headerMilliseconds: 10_000,
    requestMilliseconds: 10_000,
  });
  const socket = connect(Number(new URL(own.url).port), '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('POST /predict HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n');
  // The service has told that it reads the body.
  await new Promise((resolve) => socket.once('data', resolve));
  const started = performance.now();
  await own.close();
  const milliseconds = performance.now() - started;
  assert.ok(milliseconds >= 290 && milliseconds < 5000, `${milliseconds} ms`);
  await closed;
});
