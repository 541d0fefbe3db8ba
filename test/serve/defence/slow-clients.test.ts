import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { serviceConfig } from '../../../serve/config/service-config.js';
import { clientLimits } from '../../../serve/defence/slow-clients.js';
import { answerClientErrors } from '../../../serve/http/client-errors.js';
import { type SmallApp, startSmallApp } from './small-app.js';

/**
 * So short that a client that is never cut off fails the test by its own limit, and not so short that a quick one is cut off where the
 * machine is busy.
 */
const LIMITS = clientLimits(
  serviceConfig({
    values: {
      'header-time': '1s',
      'request-time': '1.5s',
      'keep-alive': '200ms',
      'queue-time': '200ms',
      'batch-time': '200ms',
      'header-size': '2kb',
    },
    env: {},
  }),
);
/** How often a slow client sends a few bytes more. */
const TRICKLE = 50;

let app: SmallApp;
const sockets: Socket[] = [];
before(async () => {
  app = await startSmallApp([], { server: LIMITS.options });
  Object.assign(app.server, LIMITS.properties);
  answerClientErrors(app.server);
});
after(() => {
  for (const socket of sockets) socket.destroy();
  return app.close();
});

/** Says `first`, then `more` again and again whatever it is answered, until the server hangs up; all that the server said. */
function hangUp(first: string, more = ''): Promise<string> {
  // Whoever sends on and on does not hang up because the server has said its last word.
  const socket = connect({ port: app.port, host: '127.0.0.1', allowHalfOpen: more !== '' });
  socket.write(first);
  sockets.push(socket);
  const trickle = setInterval(() => more !== '' && socket.write(more), TRICKLE);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    // Writing to a server that hung up is no failure of the test.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(trickle);
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
  });
}

const start = 'POST /predict HTTP/1.1\r\nHost: localhost\r\n';
const SLOW: Record<string, { first: string; more?: string; answer: RegExp }> = {
  'a header that never ends': { first: start, more: 'X-Slow: 1\r\n', answer: /^HTTP\/1\.1 408 / },
  'a request line that never ends': { first: 'GET /', more: 'a', answer: /^HTTP\/1\.1 408 / },
  'a body that never ends': {
    first: `${start}Content-Length: 1000000\r\n\r\n`,
    more: 'a',
    answer: /^HTTP\/1\.1 408 /,
  },
  'chunks that never end': {
    first: `${start}Transfer-Encoding: chunked\r\n\r\n`,
    more: '1\r\na\r\n',
    answer: /^HTTP\/1\.1 408 /,
  },
  'a body that stops': { first: `${start}Content-Length: 10\r\n\r\nhalf`, answer: /^HTTP\/1\.1 408 / },
  'a connection that says nothing': { first: '', answer: /^HTTP\/1\.1 408 / },
  'a connection that is kept after its answer': {
    first: 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    answer: /^HTTP\/1\.1 200 [\s\S]*\r\nKeep-Alive: timeout=/,
  },
  'a header that is too large': {
    first: `${start}X-Large: ${'a'.repeat(3000)}\r\n\r\n`,
    answer: /^HTTP\/1\.1 431 /,
  },
};

describe('slow clients are cut off while others are answered', { concurrency: true, timeout: 20_000 }, () => {
  for (const [what, { first, more, answer }] of Object.entries(SLOW)) {
    test(what, async () => {
      const heard = hangUp(first, more);
      const quick = await fetch(app.url, { method: 'POST', body: 'a whole request' });
      assert.equal(quick.status, 200);
      await quick.body?.cancel();
      assert.match(await heard, answer);
    });
  }
});

test('a client that does not read its answer is cut off', { timeout: 20_000 }, async () => {
  const answer = Buffer.alloc(64 * 1024 * 1024);
  const server = createServer(LIMITS.options, (_request, response) => response.end(answer));
  Object.assign(server, LIMITS.properties);
  const cutOff = new Promise<void>((resolve) => {
    server.on('connection', (socket) => socket.on('close', () => resolve()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  try {
    // Nobody listens for the data, so that it is not read.
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await cutOff;
    let heard = 0;
    socket.on('data', (chunk) => {
      heard += chunk.length;
    });
    await once(socket, 'close');
    assert.ok(heard < answer.length, `${heard} bytes`);
  } finally {
    socket.destroy();
    server.close();
    server.closeAllConnections();
  }
});

test('connections beyond the limit are closed at once, until there is room again', {
  timeout: 20_000,
}, async () => {
  const full = await startSmallApp([]);
  full.server.maxConnections = 2;
  const held = await Promise.all(
    [1, 2].map(async () => {
      const socket = connect(full.port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    }),
  );
  await assert.rejects(fetch(full.url));
  for (const socket of held) socket.destroy();
  // Until the server has noticed.
  while (!(await fetch(full.url).catch(() => null))?.ok) await setImmediate();
  await full.close();
});

test('the limits are the settings, and none is shorter than a request may need', () => {
  const config = serviceConfig({ values: {}, env: {} });
  const { options, properties } = clientLimits(config);
  assert.equal(options.headersTimeout, 10_000);
  assert.equal(options.requestTimeout, 30_000);
  assert.equal(options.keepAliveTimeout, 65_000);
  assert.equal(options.maxHeaderSize, 16_384);
  assert.equal(properties.maxConnections, 10_000);
  assert.ok(properties.timeout > 2 * (config.queueMilliseconds + config.batchMilliseconds));
});
