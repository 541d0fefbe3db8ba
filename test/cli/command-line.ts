import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/tenfold.js', import.meta.url));
/** No command of a test is near it on an idle machine; one that hangs ends as a failure. */
const LIMIT_MILLISECONDS = 240_000;

/** A command that has ended. */
export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  /** Settles when the process has ended and its output is whole. */
  ended: Promise<Ended>;
}

/**
 * Starts `tenfold ARGS` as a process of its own in that folder.
 * @param within a program with its arguments that runs the command which follows them
 */
export function start(args: readonly string[], folder: string, within: readonly string[] = []): Running {
  const [program, ...rest] = [...within, process.execPath, PROGRAM, ...args];
  const child = spawn(program!, rest, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MILLISECONDS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Waits until the command says that, from now on; fails where it ends before. */
export function said({ child, ended }: Running, words: RegExp, stream: 'stdout' | 'stderr' = 'stderr') {
  let text = '';
  const heard = new Promise<string>((resolve) => {
    child[stream]!.on('data', (part: string) => {
      text += part;
      if (words.test(text)) resolve(text);
    });
  });
  const tooLate = ended.then(({ status, stdout, stderr }) => {
    if (words.test(text)) return text;
    throw new Error(`it ended with status ${status} without saying ${words}: ${stdout}${stderr}`);
  });
  return Promise.race([heard, tooLate]);
}

/** Runs `tenfold ARGS` in that folder to its end. */
export const tenfold = (
  args: readonly string[],
  folder: string,
  within: readonly string[] = [],
): Promise<Ended> => start(args, folder, within).ended;

/** Runs `tenfold ARGS --json`, which must succeed: the object on the last line of standard output. */
export async function resultOf<Result>(args: readonly string[], folder: string): Promise<Result> {
  const { status, stdout, stderr } = await tenfold([...args, '--json'], folder);
  assert.equal(status, 0, `${args.join(' ')} failed: ${stderr}`);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 1, `progress belongs on standard error, but standard output has: ${stdout}`);
  assert.notEqual(stderr.trim(), '', 'nothing for people on standard error');
  return JSON.parse(lines[0]!) as Result;
}

export interface Serving<Result> extends Running {
  /** What it printed once requests are answered. */
  result: Result;
}

/** Starts a command that serves, and waits for the line with its URL. */
export async function startServing<Result extends { url: string }>(
  args: readonly string[],
  folder: string,
): Promise<Serving<Result>> {
  const running = start([...args, '--port', '0', '--json'], folder);
  const firstLine = new Promise<string>((resolve) => {
    createInterface({ input: running.child.stdout! }).once('line', (line) => {
      if (!line.startsWith('{"error":')) resolve(line);
    });
  });
  const tooEarly = running.ended.then(({ status, stderr }) => {
    throw new Error(`${args.join(' ')} ended with status ${status} before it served: ${stderr}`);
  });
  // Once it serves, its end is the test's own affair.
  tooEarly.catch(() => {});
  return { ...running, result: JSON.parse(await Promise.race([firstLine, tooEarly])) as Result };
}

/** Holds a failed command to its exit status and to a message of one or two lines that `message` matches. */
export function assertRefused(
  { status, stdout, stderr }: Ended,
  expected: 1 | 2 | 130,
  message: RegExp,
): void {
  const said = stderr.trimEnd().split('\n');
  // Progress of the work before the failure stands above the message.
  const from = said.findIndex((line) => line.startsWith('tenfold: '));
  assert.ok(from >= 0, `no message, but: ${stderr}`);
  const lines = said.slice(from);
  assert.ok(lines.length <= 2, `the message has ${lines.length} lines: ${stderr}`);
  assert.doesNotMatch(stderr, /^\s+at /m, 'a stack trace without --verbose');
  assert.match(lines.join('\n'), message);
  assert.equal(status, expected, stderr);
  assert.doesNotMatch(stdout, /^\{(?!"error":)/m, 'a result on standard output in spite of the failure');
}

/** Every file below a folder by its sha256, folders by `null`: what was left behind, what changed. */
export function contentsOf(folder: string): Record<string, string | null> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const hashOf = (path: string) =>
    statSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : null;
  return Object.fromEntries(paths.map((path) => [path, hashOf(join(folder, path))]));
}

export const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'tenfold-cli-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** A folder that is gone when the test is. */
export function temporaryFolder(context: TestContext): string {
  const folder = makeFolder();
  context.after(() => removeFolder(folder));
  return folder;
}
