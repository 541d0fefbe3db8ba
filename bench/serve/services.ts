import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unmet } from '../../core/errors.js';
import { endWithUs } from '../children.js';
import type { LoadPlan, LoadReport } from './load.js';

/** The services that are loaded; each is a script that takes a bundle and prints its URL. */
const SCRIPTS = {
  ours: '../peers/tenfold-service.js',
  plain: '../peers/plain-service.js',
} as const;

export interface RunningService {
  url: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

const pathOf = (script: string): string => fileURLToPath(new URL(script, import.meta.url));
const run = promisify(execFile);

/** @throws TenfoldError `failed` where it ends before it answers. */
export async function startService(
  name: keyof typeof SCRIPTS,
  bundleDirectory: string,
): Promise<RunningService> {
  const child = spawn(process.execPath, [pathOf(SCRIPTS[name]), bundleDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithUs(child);
  for await (const url of createInterface({ input: child.stdout })) {
    return {
      url,
      process: child,
      async stop() {
        const closed = once(child, 'close');
        child.kill('SIGKILL');
        await closed;
      },
    };
  }
  throw unmet({
    code: 'failed',
    what: `the service ${SCRIPTS[name]}`,
    expected: 'its URL',
    got: 'its end',
    advice: 'What it wrote above says why.',
  });
}

/** Loads a service from a process of its own. */
export const load = (plan: LoadPlan): Promise<LoadReport> =>
  runForJson<LoadReport>(['./load.js', JSON.stringify(plan)]);

/** What a script of ours prints at its end. */
export async function runForJson<Result>([script, ...parameters]: [string, ...string[]]): Promise<Result> {
  const { stdout } = await run(process.execPath, [pathOf(script), ...parameters]);
  return JSON.parse(stdout) as Result;
}
