import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { makeFolder, removeFolder } from './command-line.js';

/** Why there is no test against a real server here; false where there is one. */
export const NO_REDIS: string | false =
  spawnSync('redis-server', ['--version']).status === 0
    ? false
    : 'no redis-server on this machine (apt install redis-server)';

export interface RedisServer {
  url: string;
  /** Ends it in order, as a restart of its machine does. */
  stop(): Promise<void>;
  /** @param isEmpty without the data that it had */
  start(isEmpty?: boolean): Promise<void>;
}

/** A server of the test's own, with its data in a temporary folder, gone with the test. */
export async function startRedis(context: TestContext): Promise<RedisServer> {
  const folder = makeFolder();
  const port = await freePort();
  let child: ChildProcess | null = null;
  const stop = async () => {
    if (child === null) return;
    const ended = new Promise((resolve) => child!.once('close', resolve));
    child.kill('SIGTERM');
    await ended;
    child = null;
  };
  const start = async (isEmpty = false) => {
    // Every change is kept in a file, or it is not.
    const keeps = isEmpty ? 'no' : 'yes';
    child = spawn(
      'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
        ...['--save', '', '--appendonly', keeps],
      ],
      { stdio: 'ignore' },
    );
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with status ${child.exitCode}`);
      await delay(20);
    }
  };
  context.after(async () => {
    await stop();
    removeFolder(folder);
  });
  await start();
  return { url: `redis://127.0.0.1:${port}`, stop, start };
}

/** What a Redis server holds of runs: jobs, and archives. */
export async function runsInRedis(url: string): Promise<string[]> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys('tenfold:*');
    return keys.filter((key) => /seed\d+$|:(saved|result)$/.test(key));
  } finally {
    redis.disconnect();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** While it reads its data it takes connections, but says LOADING. */
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(bytes.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
