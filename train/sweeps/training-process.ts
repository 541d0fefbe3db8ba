import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { unwritable } from '../../core/file-errors.js';
import { isTrainMessage, type TrainMessage, WATCHED } from './messages.js';
import type { RunSpec } from './plan.js';
import { stateOf, type TrainingSetup, trainArguments } from './train-command.js';

/** How a training's process ended. */
export type TrainingEnd =
  | { type: 'finished' }
  /** It was told to stop, and has saved what it had. */
  | { type: 'interrupted' }
  | { type: 'failed'; reason: string };

export interface TrainingProcess {
  /** Whether it goes on with what an earlier one left. */
  resumes: boolean;
  pid: number | undefined;
  ended: Promise<TrainingEnd>;
  /** Has it save after the step under way and end. */
  stop(): void;
}

export interface TrainingPlace {
  folder: string;
  /** Gets everything that the training prints, after what is there. */
  log: string;
}

/** What shells report of a program that was interrupted; `train` ends so once all is saved. */
const INTERRUPTED = 130;

/**
 * Trains in a process of its own: a crash or full memory ends that one alone. It outlives neither this process, which it
 * notices by the channel's end, nor a terminal's Ctrl+C without being told to stop.
 * @throws TenfoldError `failed` where the log cannot be written
 */
export function startTraining(
  spec: RunSpec,
  setup: TrainingSetup,
  { folder, log }: TrainingPlace,
  tell: (message: TrainMessage) => void,
): TrainingProcess {
  const [program, ...before] = setup.program;
  const resumes = stateOf(folder) === 'begun';
  const file = openLog(log);
  const from = readFileSync(log).length;
  const child = spawn(program!, [...before, ...trainArguments(spec, setup, folder)], {
    stdio: ['ignore', file, file, 'ipc'],
    env: { ...process.env, [WATCHED]: '1' },
    // In a group of its own a terminal's Ctrl+C does not reach it: a second one would end it before it has saved.
    detached: true,
    windowsHide: true,
  });
  closeSync(file);
  child.on('message', (message) => {
    if (isTrainMessage(message)) tell(message);
  });
  const ended = new Promise<TrainingEnd>((resolve) => {
    child.once('error', (error) => resolve({ type: 'failed', reason: error.message }));
    child.once('close', (status, signal) => {
      if (status === 0 && stateOf(folder) === 'finished') resolve({ type: 'finished' });
      // Before it has begun to train, the signal itself ends it.
      else if (status === INTERRUPTED || signal === 'SIGINT') resolve({ type: 'interrupted' });
      else resolve({ type: 'failed', reason: reasonOf(status, signal, lastWords(log, from)) });
    });
  });
  return { resumes, pid: child.pid, ended, stop: () => child.kill('SIGINT') };
}

function openLog(log: string): number {
  try {
    mkdirSync(dirname(log), { recursive: true });
    return openSync(log, 'a');
  } catch (cause) {
    throw unwritable(cause, log, 'then give the same command again');
  }
}

function reasonOf(status: number | null, signal: NodeJS.Signals | null, words: string | undefined): string {
  if (signal !== null) {
    const memory = signal === 'SIGKILL' ? '; where nobody did that, memory was full: try fewer --jobs' : '';
    return `Its process was ended by ${signal}${memory}`;
  }
  return words ?? `Its process ended with status ${status} and said nothing`;
}

/** The message with which a command fails, or else the last line of its log. */
function lastWords(log: string, from: number): string | undefined {
  const lines = readFileSync(log).subarray(from).toString().trimEnd().split('\n');
  const message = lines.findLast((line) => line.startsWith('tenfold: '))?.slice('tenfold: '.length);
  const last = lines.at(-1)?.trim();
  return message ?? (last === '' ? undefined : last);
}
