import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { slugOf } from '../plan.js';
import { isWorkersOwn, openProcessRecord, type ProcessRecord } from '../process-record.js';

/** Machines may share a temporary directory, and none knows the others' processes. */
const PREFIX = `tenfold-worker-${slugOf(hostname())}-`;

/** `mkdtemp` adds six characters; without their number one machine's name may be the beginning of another's. */
const OWN_FOLDER = new RegExp(`^${PREFIX}[A-Za-z0-9]{6}$`);

/** A folder without a record is a worker's that is just starting, unless it has been there for so long. */
const STARTING_MILLISECONDS = 3600 * 1000;

/** Where a worker trains. */
export interface WorkerFolder {
  path: string;
  record: ProcessRecord;
  /** Takes it away, with what killed workers have left meanwhile. */
  remove(): Promise<void>;
}

/**
 * Makes a worker's folder in the temporary directory and takes away those of workers of this machine that were killed, once
 * their trainings have ended too.
 * @throws TenfoldError `failed` where it cannot be written
 */
export async function openWorkerFolder(say: (line: string) => void): Promise<WorkerFolder> {
  await removeLeft(say);
  const path = await mkdtemp(join(tmpdir(), PREFIX));
  return {
    path,
    record: openProcessRecord(path),
    async remove() {
      await rm(path, { recursive: true, force: true });
      await removeLeft(say);
    },
  };
}

async function removeLeft(say: (line: string) => void): Promise<void> {
  const entries = await readdir(tmpdir(), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isDirectory() || !OWN_FOLDER.test(entry.name)) continue;
    const folder = join(tmpdir(), entry.name);
    if (!(await isLeft(folder))) continue;
    // Another worker may do the same at this moment, and another person's folder is not for us to take away.
    const isGone = await rm(folder, { recursive: true }).then(
      () => true,
      () => false,
    );
    if (isGone) say(`Removed ${folder}, which a worker that was killed had left`);
  }
}

async function isLeft(folder: string): Promise<boolean> {
  const isOwn = isWorkersOwn(folder);
  if (isOwn !== null) return !isOwn;
  const made = await stat(folder).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs > STARTING_MILLISECONDS;
}
