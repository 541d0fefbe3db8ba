import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NETWORKS } from '../../bench/networks.js';
import { findPythons } from '../../bench/pythons.js';
import { startStepProcess } from '../../bench/step-process.js';

const compiled = (path: string) => fileURLToPath(new URL(`../../bench/${path}`, import.meta.url));
const OURS = compiled('peers/train-tenfold.js');
const TORCH = fileURLToPath(new URL('../../../bench/peers/train_torch.py', import.meta.url));

const [python] = findPythons([], ['torch']);

for (const network of NETWORKS) {
  test(`${network}: both sides train as many parameters on as many pictures`, {
    skip: python === undefined && 'no python3 can import torch',
  }, async () => {
    const parameters = ['--network', network, '--threads', '1'];
    const [ours, torch] = await Promise.all([
      startStepProcess('ours', process.execPath, [OURS, ...parameters]),
      startStepProcess('PyTorch', python!, [TORCH, ...parameters]),
    ]);
    await Promise.all([ours.close(), torch.close()]);
    const compared = ({ parameters, batch, threads }: typeof ours) => ({ parameters, batch, threads });
    assert.deepEqual(compared(torch), compared(ours));
  });
}

test('our process tells of each step how long it took, and of the first what it compiled', async () => {
  const ours = await startStepProcess('ours', process.execPath, [
    ...[OURS, '--network', 'speedrun', '--threads', '1'],
  ]);
  const first = await ours.ask('step');
  const second = await ours.ask('step');
  const { bytes } = await ours.ask('memory');
  await ours.close();
  assert.ok(first.compileMilliseconds! > 0 && second.compileMilliseconds === 0, 'compiled once');
  for (const { milliseconds, batchMilliseconds, runMilliseconds, compileMilliseconds } of [first, second]) {
    assert.ok(batchMilliseconds! > 0 && runMilliseconds! > 0);
    assert.ok(batchMilliseconds! + runMilliseconds! + compileMilliseconds! < milliseconds);
  }
  assert.ok(bytes > 50 * 2 ** 20 && bytes < 4 * 2 ** 30, `${bytes} bytes`);
});

test('a process that ends early, or that there is not, is named', async () => {
  const failed = { name: 'TenfoldError', code: 'failed' };
  await assert.rejects(startStepProcess('the first', process.execPath, ['-e', '']), {
    ...failed,
    message:
      'Expected a line of output for the first, got the end of the process. What it wrote above says why.',
  });
  await assert.rejects(startStepProcess('the second', '/nonexistent/python', []), failed);
  const ending = await startStepProcess('the third', process.execPath, ['-e', 'console.log("{}")']);
  await assert.rejects(ending.ask('step'), failed);
  await ending.close();
});

test('a signal ends the children first', { timeout: 30_000 }, async (context) => {
  const child = 'console.log(JSON.stringify({ engine: String(process.pid) })); setInterval(() => {}, 1000);';
  const program = `
    import { startStepProcess } from ${JSON.stringify(compiled('step-process.js'))};
    const start = () => startStepProcess('a child', process.execPath, ['-e', ${JSON.stringify(child)}]);
    console.log(JSON.stringify((await Promise.all([start(), start()])).map(({ engine }) => Number(engine))));
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The children have the parent's standard error: it closes when they too have ended, and else the test never does.
  const closed = new Promise<NodeJS.Signals | null>((resolve) =>
    parent.once('close', (_, signal) => resolve(signal)),
  );
  parent.stderr.resume();
  let children: number[] = [];
  context.after(() => {
    for (const pid of children) end(pid);
  });
  for await (const line of createInterface({ input: parent.stdout })) {
    children = JSON.parse(line) as number[];
    parent.kill('SIGINT');
  }
  assert.equal(await closed, 'SIGINT');
  assert.equal(children.length, 2);
});

/** Ends a process that may have ended already. */
function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
  }
}

test('a named Python without PyTorch is refused', () => {
  assert.throws(() => findPythons([process.execPath], ['torch']), {
    name: 'TenfoldError',
    code: 'unavailable',
    message: /^Expected a Python that can import torch for --python, got .*node/,
  });
});
