import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unmet } from '../../core/errors.js';
import { unwritable } from '../../core/file-errors.js';

const FILE = 'processes.json';

interface Processes {
  /** The sweep's own process; in a worker's folder the worker's. */
  sweep: number;
  /** Process ids by the run's name; by its folder in a worker's. */
  runs: { [run: string]: number };
}

/** Which processes work in a sweep's folder, or in a worker's. */
export interface ProcessRecord {
  /** Those that a sweep before this one left, perhaps ended by now. */
  earlier: Readonly<Processes['runs']>;
  began(run: string, pid: number | undefined): void;
  ended(run: string): void;
  /** Nobody works there any more. */
  close(): void;
}

/**
 * Makes this process the one that works in the folder.
 * @throws TenfoldError `unavailable` where another sweep does
 */
export function openProcessRecord(folder: string): ProcessRecord {
  const path = join(folder, FILE);
  const earlier = read(path);
  if (earlier && earlier.sweep !== process.pid && isRunning(earlier.sweep, 'sweep')) {
    throw unmet({
      code: 'unavailable',
      what: '--out',
      expected: 'a folder that no other sweep works in',
      got: `${folder}, where process ${earlier.sweep} does`,
      advice: 'Wait for it, end it, or name another folder.',
    });
  }
  const record: Processes = { sweep: process.pid, runs: { ...earlier?.runs } };
  write(path, record);
  return {
    earlier: { ...record.runs },
    began(run, pid) {
      if (pid !== undefined) record.runs[run] = pid;
      write(path, record);
    },
    ended(run) {
      delete record.runs[run];
      write(path, record);
    },
    close: () => write(path, { sweep: 0, runs: {} }),
  };
}

/** Whether a worker, or a training that it began, still works in its folder; null where no record tells. */
export function isWorkersOwn(folder: string): boolean | null {
  const record = read(join(folder, FILE));
  if (record === null) return null;
  return (
    isRunning(record.sweep, 'worker') || Object.entries(record.runs).some(([run, pid]) => isRunning(pid, run))
  );
}

/**
 * Whether that process runs and is the one meant, not a later one of the same number.
 * @param word is among its arguments; looked at where the system shows them, as Linux does
 */
export function isRunning(pid: number, word: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (!existsSync('/proc/self/cmdline')) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word);
  } catch {
    return false;
  }
}

function read(path: string): Processes | null {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as Partial<Processes> | null;
    return { sweep: record?.sweep ?? 0, runs: record?.runs ?? {} };
  } catch {
    // None, or one that a full disk left torn: then nothing is known of earlier processes.
    return null;
  }
}

function write(path: string, record: Processes): void {
  try {
    writeFileSync(`${path}.partial`, JSON.stringify(record));
    renameSync(`${path}.partial`, path);
  } catch (cause) {
    throw unwritable(cause, path, 'then give the same command again');
  }
}
