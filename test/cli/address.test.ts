import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertRefused, contentsOf, start, temporaryFolder, tenfold } from './command-line.js';
import { TINY_TRAINING, writeSmallData } from './small-data.js';

/** Listens on a port, any where it is 0, until the test ends. */
async function occupy(context: TestContext, port = 0): Promise<number> {
  const other = createServer().listen(port, '127.0.0.1');
  context.after(() => other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  return (other.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  await new Promise((resolve) => other.close(resolve));
  return port;
}

test('a pipeline refuses a port that is taken before it trains', async (context) => {
  const folder = temporaryFolder(context);
  const port = await occupy(context);
  assertRefused(
    await tenfold(['pipeline', '--port', String(port)], folder),
    1,
    new RegExp(`a free address for 127\\.0\\.0\\.1:${port}, got EADDRINUSE\\. Choose another port`),
  );
  assert.deepEqual(contentsOf(folder), {});
});

test('an address that the machine has not is advised against by its option', async (context) => {
  // 192.0.2.0/24 is for documentation: no machine has it.
  const args = ['pipeline', '--host', '192.0.2.1', '--port', '0'];
  const ended = await tenfold(args, temporaryFolder(context));
  assertRefused(ended, 1, /192\.0\.2\.1:0, got EADDRNOTAVAIL\. This machine has no such address: .* --host/);
});

test('a pipeline whose port was taken while it trained names the bundle that it made', async (context) => {
  const folder = temporaryFolder(context);
  const data = await writeSmallData(join(folder, 'data'), { train: 300, test: 200 });
  const port = await freePort();
  const args = ['pipeline', ...TINY_TRAINING, '--data', data, '--port', String(port)];
  const { child, ended } = start(args, folder);
  let said = '';
  const trains = new Promise<void>((resolve) => {
    child.stdout!.on('data', (text: string) => {
      said += text;
      if (said.includes('1 Train')) resolve();
    });
  });
  await Promise.race([trains, ended]);
  await occupy(context, port);
  const bundle = join('bundles', 'pipeline-bottleneck-32x2');
  assertRefused(
    await ended,
    1,
    new RegExp(`EADDRINUSE.* The bundle is finished: npx tenfold serve --bundle ${bundle} serves it\\.`),
  );
  assert.ok(existsSync(join(folder, bundle)));
});
