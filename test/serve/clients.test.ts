import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { Agent, FormData, Pool, request } from 'undici';
import type { PredictResponse } from '../../serve/predict/schemas.js';
import { greyPng, rowPicture } from './pictures.js';
import { startTestService, type TestService } from './service.js';

/** Clients that nobody here wrote, live. */

const run = promisify(execFile);
const SEVEN = greyPng(rowPicture(7));

let service: TestService;
let folder: string;
before(async () => {
  service = await startTestService();
  folder = await mkdtemp(join(tmpdir(), 'tenfold-clients-'));
  await writeFile(join(folder, 'seven.png'), SEVEN);
});
after(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const digitsIn = (answer: unknown): (number | null)[] =>
  (answer as PredictResponse).results.map(({ digit }) => digit);

/** What `curl ARGUMENTS /predict` prints; null, and the test skipped, where there is no curl. */
async function curl(context: TestContext, ...parameters: string[]): Promise<unknown> {
  try {
    const { stdout } = await run('curl', ['-sS', ...parameters, `${service.url}/predict`], { cwd: folder });
    return JSON.parse(stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    context.skip('this machine has no curl');
    return null;
  }
}

const CURL_WAYS = {
  'a form': ['-F', 'image=@seven.png'],
  'the file as the body': ['--data-binary', '@seven.png'],
  'the file as the body, in chunks': ['-T', 'seven.png', '-X', 'POST', '-H', 'Transfer-Encoding: chunked'],
  'a form, after 100 Continue': ['-F', 'image=@seven.png', '-H', 'Expect: 100-continue'],
  JSON: ['-H', 'Content-Type: application/json', '-d', JSON.stringify({ image: SEVEN.toString('base64') })],
  'HTTP/1.0': ['-0', '-F', 'image=@seven.png'],
};

for (const [way, parameters] of Object.entries(CURL_WAYS)) {
  test(`curl sends ${way}`, async (context) => {
    const answer = await curl(context, ...parameters);
    if (answer) assert.deepEqual(digitsIn(answer), [7]);
  });
}

test('curl sends two files in one form', async (context) => {
  const answer = await curl(context, '-F', 'image=@seven.png', '-F', 'image=@seven.png;type=image/png');
  if (answer) assert.deepEqual(digitsIn(answer), [7, 7]);
});

test('undici posts forms and bytes', async () => {
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(SEVEN)]), 'seven.png');
  // Its own: by default it takes that of the undici in Node, which may be of another version.
  const dispatcher = new Agent();
  for (const body of [form, SEVEN]) {
    const answer = await request(`${service.url}/predict`, { method: 'POST', body, dispatcher });
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(digitsIn(await answer.body.json()), [7]);
  }
  await dispatcher.close();
});

test('undici pipelines requests on one connection: each answer belongs to its request', async () => {
  const pool = new Pool(service.url, { connections: 1, pipelining: 8 });
  const order = Array.from({ length: 80 }, (_, index) => (index * 7) % 10);
  const answers = await Promise.all(
    order.map(async (digit) => {
      const body = greyPng(rowPicture(digit));
      // Only what may be repeated is pipelined.
      const options = { path: '/predict', method: 'POST', body, idempotent: true } as const;
      return digitsIn(await (await pool.request(options)).body.json())[0];
    }),
  );
  await pool.close();
  assert.deepEqual(answers, order);
});

test('autocannon gets nothing but 200', async () => {
  const result = await autocannon({
    url: `${service.url}/predict`,
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: SEVEN,
    connections: 10,
    amount: 400,
  });
  assert.deepEqual([result['2xx'], result.non2xx, result.errors, result.timeouts], [400, 0, 0, 0]);
});

test('connections that the system does not hand over are logged, and the service answers on', async () => {
  let server: Server | undefined;
  const started = (message: unknown) => {
    server = (message as { server: Server }).server;
  };
  subscribe('http.server.request.start', started);
  await fetch(`${service.url}/livez`);
  unsubscribe('http.server.request.start', started);
  // As Node tells it where accept(2) fails.
  for (const _ of [1, 2]) server!.emit('error', new Error('accept ENOMEM'));
  const logged = service.log.filter(({ message }) => message === 'a connection was not taken');
  assert.deepEqual(
    logged.map(({ level }) => level),
    ['error', 'error'],
  );
  assert.equal((await fetch(`${service.url}/livez`)).status, 200);
});
