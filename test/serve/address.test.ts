import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { listen } from '../../serve/address.js';

const CLIENTS = 1000;
const DEADLINE_MILLISECONDS = 20_000;

/** Listens, says where, and takes no connection until it is told to. */
const BUSY_SERVER = `
  import { createServer } from 'node:net';
  import { parentPort, workerData } from 'node:worker_threads';
  const { listen } = await import(workerData.address);
  const server = createServer((socket) => socket.destroy());
  await listen(server, { host: '127.0.0.1', port: 0 });
  parentPort.postMessage(server.address().port);
  await new Promise((resolve) => setTimeout(resolve));
  Atomics.wait(workerData.gate, 0, 0);
`;

/** How many connections Linux lets wait on one address. */
function longestBacklog(): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  } catch {
    return 0;
  }
}

const skip = longestBacklog() < CLIENTS && `this system lets fewer than ${CLIENTS} connections wait`;
test(`${CLIENTS} clients who come while the service is busy wait for it`, { skip }, async () => {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const server = new Worker(new URL(`data:text/javascript,${encodeURIComponent(BUSY_SERVER)}`), {
    workerData: { gate, address: new URL('../../serve/address.js', import.meta.url).href },
  });
  const [port] = (await once(server, 'message')) as [number];
  const clients = Array.from({ length: CLIENTS }, () => connect(port, '127.0.0.1').on('error', () => {}));
  const waiting = await Promise.race([
    Promise.all(clients.map((client) => once(client, 'connect'))).then(() => CLIENTS),
    new Promise<number>((resolve) =>
      setTimeout(
        () => resolve(clients.filter(({ connecting }) => !connecting).length),
        DEADLINE_MILLISECONDS,
      ).unref(),
    ),
  ]);
  for (const client of clients) client.destroy();
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  await server.terminate();
  assert.equal(waiting, CLIENTS, `of ${CLIENTS}, the others were turned away`);
});

test('an error of a server that listens is not kept from who has it', async () => {
  const server = createServer();
  await listen(server, { host: '127.0.0.1', port: 0 });
  try {
    assert.throws(() => server.emit('error', new Error('accept ENOMEM')), /ENOMEM/);
  } finally {
    server.close();
  }
});
