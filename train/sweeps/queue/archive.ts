import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { unmet } from '../../../core/errors.js';
import { RUN_FILES } from '../../../core/run.js';

/** A value of Redis may have 512 MB. */
export const MOST_BYTES = 480 * 2 ** 20;
/** What an archive may unpack to: a damaged or foreign one must not fill the memory. */
const MOST_UNPACKED_BYTES = 2 ** 30;

const MAGIC = 'tenfold run 1\n';
const compress = promisify(gzip);
const expand = promisify(gunzip);

export interface ArchivedFile {
  /** Below the run's folder, with slashes. */
  name: string;
  bytes: Uint8Array;
}

/** A line that names the format, a line of JSON with names and lengths, the files; all gzip. */
export async function pack(files: readonly ArchivedFile[]): Promise<Buffer> {
  const header = files.map(({ name, bytes }) => ({ name, length: bytes.length }));
  const parts = [Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`), ...files.map(({ bytes }) => bytes)];
  // Weights hardly get smaller at any level.
  const archive = await compress(Buffer.concat(parts), { level: constants.Z_BEST_SPEED });
  if (archive.length <= MOST_BYTES) return archive;
  throw unmet({
    code: 'too-large',
    what: 'a run that goes through Redis',
    expected: `at most ${MOST_BYTES} bytes, compressed`,
    got: `${archive.length}`,
    advice: 'Train it on this machine, without --queue.',
  });
}

/** @throws TenfoldError `corrupt` where it is not what {@link pack} makes, or names a file outside its folder */
export async function unpack(archive: Uint8Array): Promise<ArchivedFile[]> {
  const bytes = await expand(archive, { maxOutputLength: MOST_UNPACKED_BYTES }).catch((cause: Error) => {
    throw damaged('gzip', cause.message);
  });
  const end = bytes.indexOf('\n', MAGIC.length);
  if (bytes.subarray(0, MAGIC.length).toString() !== MAGIC || end < 0)
    throw damaged('a run', 'something else');
  let offset = end + 1;
  const files = headerOf(bytes.subarray(MAGIC.length, end).toString()).map(({ name, length }) => {
    const content = bytes.subarray(offset, offset + length);
    offset += length;
    return { name, bytes: content };
  });
  if (offset !== bytes.length) throw damaged(`${offset} bytes`, `${bytes.length}`);
  return files;
}

/** Folders and files that begin with a letter or digit: none of them leads out of the folder. */
const SAFE_NAME = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/;

function headerOf(line: string): { name: string; length: number }[] {
  try {
    const header = JSON.parse(line) as unknown;
    const isFile = (file: { name?: unknown; length?: unknown } | null) =>
      typeof file?.name === 'string' &&
      SAFE_NAME.test(file.name) &&
      Number.isSafeInteger(file.length) &&
      (file.length as number) >= 0;
    if (Array.isArray(header) && header.every(isFile)) return header;
  } catch {
    // Told below.
  }
  throw damaged('names and lengths of files', JSON.stringify(line.slice(0, 60)));
}

const damaged = (expected: string, got: string) =>
  unmet({
    code: 'corrupt',
    what: 'the run that came from Redis',
    expected,
    got,
    advice: 'Use the same version of tenfold everywhere.',
  });

export async function writeFiles(folder: string, files: readonly ArchivedFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}

/** Puts an archived run into the place of what its folder has. */
export async function placeRun(folder: string, archive: Uint8Array): Promise<void> {
  const incoming = `${folder}.partial`;
  await rm(incoming, { recursive: true, force: true });
  await writeFiles(incoming, await unpack(archive));
  await rm(folder, { recursive: true, force: true });
  await rename(incoming, folder);
}

const MOST_ATTEMPTS = 20;
const PAUSE_MILLISECONDS = 20;

/**
 * Everything of a run that is being trained, as of one moment at which it was saved; null where it is saved so often
 * that no such moment could be caught.
 */
export async function readSavedRun(folder: string): Promise<ArchivedFile[] | null> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const before = await savedState(folder);
    const files = before === null ? null : await readRun(folder).catch(whereVanished);
    if (files !== null && (await savedState(folder)) === before) return files;
    await delay(PAUSE_MILLISECONDS);
  }
  return null;
}

/** Every file of a run's folder but half-written ones; none where there is no such folder yet. */
export async function readRun(folder: string): Promise<ArchivedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(whereVanished);
  const paths = (entries ?? [])
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.partial'))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({
      name: path.slice(join(folder, '/').length).replaceAll('\\', '/'),
      bytes: await readFile(path),
    })),
  );
}

/** Changes whenever a save begins or ends; null while one is under way or before the first. */
async function savedState(folder: string): Promise<string | null> {
  const names = await readdir(folder);
  if (names.some((name) => name.endsWith('.partial'))) return null;
  const files = [RUN_FILES.weights, RUN_FILES.model, RUN_FILES.optimizer];
  const states = await Promise.all(files.map((file) => stat(join(folder, file)).catch(whereVanished)));
  if (states.includes(null)) return null;
  return states.map((state) => `${state!.ino} ${state!.size} ${state!.mtimeMs}`).join('\n');
}

/** A file that is replaced while one looks is no fault. */
function whereVanished(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
