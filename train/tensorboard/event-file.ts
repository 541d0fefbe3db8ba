import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unwritable } from '../../core/file-errors.js';
import { type EventContents, type EventKind, encodeEvent, FILE_VERSION, type LogEvent } from './events.js';
import { encodeRecord } from './records.js';

/** TensorBoard knows files of events by `tfevents` in their names, and reads those of a folder in the order of the names. */
const PREFIX = 'events.out.tfevents.';
const nameOf = (number: number): string => `${PREFIX}${String(number).padStart(4, '0')}.tenfold`;

export interface EventFile {
  /** Whether no other file stands before it. */
  isFirst: boolean;
  /** Keeps an event, with the time of now, until the next flush. */
  append<Kind extends EventKind>(step: number, kind: Kind, content: EventContents[Kind]): void;
  /** Appends the kept events to the file in one write; without any, no file is made. */
  flush(): Promise<void>;
}

/**
 * Opens a folder of event files for writing: each process that goes on with a run writes another file, that begins with
 * TensorBoard's word for voiding what the files before it tell of its first step and later ones (steps that were not saved
 * before a kill). Nothing that stands in a file ever changes, since a TensorBoard that is open has read it.
 * @param goesOn without it the files that are there are removed
 * @throws TenfoldError `failed` where the folder cannot be written.
 */
export async function openEventFile(folder: string, goesOn: boolean): Promise<EventFile> {
  const refuse = (cause: unknown) => {
    throw unwritable(cause, folder, 'then go on by --resume');
  };
  const earlier = await earlierFiles(folder).catch(refuse);
  if (!goesOn) for (const name of earlier) await rm(join(folder, name)).catch(refuse);
  const follows = goesOn && earlier.length > 0;
  const path = join(folder, nameOf(follows ? earlier.length + 1 : 1));
  let isThere = false;
  let pending: LogEvent[] = [];
  return {
    isFirst: !follows,
    append(step, kind, content) {
      pending.push({ wallTime: Date.now() / 1000, step, kind, content } as LogEvent);
    },
    async flush() {
      const [first] = pending;
      if (first === undefined) return;
      const written = [...(isThere ? [] : beginning(first, follows)), ...pending];
      pending = [];
      const bytes = Buffer.concat(written.map((event) => encodeRecord(encodeEvent(event))));
      if (!isThere) await mkdir(folder, { recursive: true }).catch(refuse);
      await appendFile(path, bytes).catch(refuse);
      isThere = true;
    },
  };
}

/** What stands before a file's first event. */
function beginning({ wallTime, step }: LogEvent, follows: boolean): LogEvent[] {
  const version: LogEvent = { wallTime, step: 0, kind: 'fileVersion', content: FILE_VERSION };
  return follows ? [version, { wallTime, step, kind: 'start', content: true }] : [version];
}

async function earlierFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.startsWith(PREFIX));
}
