import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { unwritable } from '../core/file-errors.js';

/** Writes the bytes beside where they are to be, and gives the path of that file. */
export type Write = (bytes: Uint8Array) => Promise<string>;

/**
 * Writes a file so that nobody meets half of it, nor one that is not what it should be.
 * @param make writes the bytes and looks at the file; what it throws is thrown, and then nothing is left, not even a folder that was made.
 * @throws TenfoldError `failed` where the file cannot be written.
 */
export async function writeWhole<T>(file: string, make: (write: Write) => Promise<T>): Promise<T> {
  const folder = dirname(resolve(file));
  const fresh = join(folder, `.${basename(file)}-${randomUUID()}`);
  let made: string | undefined;
  try {
    const result = await make(async (bytes) => {
      await orUnwritable(file, async () => {
        made = await mkdir(folder, { recursive: true });
        await writeFile(fresh, bytes);
      });
      return fresh;
    });
    await orUnwritable(file, () => rename(fresh, file));
    return result;
  } catch (error) {
    await rm(fresh, { force: true });
    if (made) await removeEmpty(folder, made);
    throw error;
  }
}

async function orUnwritable(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw unwritable(cause, file, 'or name another file by --out');
  }
}

/** The folders from this one up to the topmost, but for those in which something lies. */
async function removeEmpty(folder: string, topmost: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch {
    return;
  }
  if (folder !== topmost) await removeEmpty(dirname(folder), topmost);
}
