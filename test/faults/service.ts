import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { residentBytes } from '../../bench/serve/memory.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/tenfold.js', import.meta.url));

export interface FaultService {
  url: URL;
  /** Of the process now. */
  residentBytes(): number;
  /** @throws AssertionError where the process has ended. */
  assertAlive(): void;
  /** Tells it to end, and holds it to an orderly end. */
  stop(): Promise<void>;
}

/** The service gives requests under way 30 s. */
const STOP_MILLISECONDS = 45_000;

export interface FaultServiceOptions {
  bundleDirectory: string;
  /** Further flags of `tenfold serve`. */
  flags?: readonly string[];
  /** A module that each of the service's threads runs before its own. */
  preload?: URL;
  env?: Record<string, string>;
}

/** `tenfold serve` as a process of its own, as people run it. */
export async function startFaultService(options: FaultServiceOptions): Promise<FaultService> {
  const { bundleDirectory, flags = [], preload, env } = options;
  const before = preload ? ['--import', preload.href] : [];
  const command = ['serve', '--bundle', bundleDirectory, '--port', '0', '--json', ...flags];
  const child = spawn(process.execPath, [...before, PROGRAM, ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close').then(([status]) => status as number | null);
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), closed]);
  assert.ok(Array.isArray(line), `the service ended before it served: ${stderr}`);
  const { url, error } = JSON.parse(line[0]) as { url: string; error?: { message: string } };
  assert.equal(error, undefined, `the service ended before it served: ${error?.message}`);
  return {
    url: new URL(url),
    residentBytes: () => residentBytes(child.pid!),
    assertAlive: () =>
      assert.deepEqual([child.exitCode, child.signalCode], [null, null], `the service ended: ${stderr}`),
    async stop() {
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
      child.kill('SIGTERM');
      const status = await closed;
      clearTimeout(late);
      assert.equal(
        status,
        0,
        `the service ended with ${status ?? 'SIGKILL, since it did not stop'}: ${stderr}`,
      );
    },
  };
}
