import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { greyPng, rowPicture } from '../serve/pictures.js';
import { writeTinyBundle } from '../serve/tiny-bundle.js';
import { makeFolder, removeFolder, resultOf, said, startServing, tenfold } from './command-line.js';

let folder: string;
before(async () => {
  folder = makeFolder();
  await writeTinyBundle(join(folder, 'first'));
  await writeTinyBundle(join(folder, 'second'), { name: 'shifted', offset: 2 });
});
after(() => removeFolder(folder));

const SERVE = ['serve', '--bundle', 'first', '--bundle', 'second'];

async function digitOf(url: string, query = ''): Promise<number> {
  const body = new Uint8Array(greyPng(rowPicture(3)));
  const response = await fetch(`${url}/predict${query}`, { method: 'POST', body });
  return ((await response.json()) as { results: { digit: number }[] }).results[0]!.digit;
}

test('several bundles are served side by side, and loaded anew on SIGHUP', async () => {
  const serving = await startServing<{ url: string }>(SERVE, folder);
  const { result, child, ended } = serving;
  assert.equal(await digitOf(result.url), 3);
  assert.equal(await digitOf(result.url, '?model=shifted'), 5);
  await writeTinyBundle(join(folder, 'first'), { version: '2', offset: 4 });
  const loaded = said(serving, /^The bundles were loaded anew\.$/m);
  child.kill('SIGHUP');
  await loaded;
  assert.equal(await digitOf(result.url), 7);
  child.kill('SIGTERM');
  assert.equal((await ended).status, 0);
});

/** Node's option that has a process say `told` and send itself SIGTERM as soon as it listens for that. */
const TOLD_AT_ONCE = `--import=data:text/javascript,${encodeURIComponent(`
  process.on('newListener', (name) => {
    if (name !== 'SIGTERM') return;
    process.stdout.write('told\\n');
    setImmediate(() => process.kill(process.pid, name));
  });
`)}`;

test('SIGTERM while it starts ends it as one that comes later does', async () => {
  const within = ['env', `NODE_OPTIONS=${TOLD_AT_ONCE}`];
  const { status, signal, stdout, stderr } = await tenfold([...SERVE, '--port', '0'], folder, within);
  assert.deepEqual([status, signal, stderr], [0, null, '']);
  assert.match(stdout, /^told\nTenfold reads digits at .+\n$/);
});

test('--print-config tells each setting and where it is from, and starts nothing', async () => {
  const printed = await resultOf<Record<string, { value: unknown; source: string }>>(
    [...SERVE, '--port', '0', '--print-config'],
    folder,
  );
  assert.deepEqual([printed.port!.value, printed.port!.source], [0, '--port']);
  assert.deepEqual([printed.bundles!.value, printed.bundles!.source], [['first', 'second'], '--bundle']);
  assert.deepEqual([printed.workerThreads!.value, printed.workerThreads!.source], [1, 'default']);
});

test('a setting that cannot be is refused by its name, with status 2', async () => {
  const { status, stderr } = await tenfold(['serve', '--queue-time', '5'], folder);
  assert.equal(status, 2);
  assert.match(stderr, /^tenfold: Expected .+ for --queue-time, got "5" \(string\)\. /);
});
