import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, normalize, resolve, sep } from 'node:path';
import { unmet } from '../core/errors.js';

/**
 * Writes a folder so that neither a failure nor a reader in between meets half of one: a new one beside it first, then in
 * its place at once. An earlier folder there is replaced; where a link leads to it the link stays.
 * @param fill writes what is to lie there into a new, empty folder; what it throws is thrown, and the earlier one stays
 * @throws TenfoldError as {@link requireElsewhere} throws, Error of the file system where it cannot be written
 */
export async function writeFolder(folder: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  await requireElsewhere(folder);
  const target = existsSync(folder) ? await realpath(folder) : resolve(folder);
  const fresh = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
  try {
    await mkdir(fresh, { recursive: true });
    await fill(fresh);
    await replace(target, fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/**
 * Looks whether a folder can be replaced while this process is where it is: the working folder would be deleted with the earlier one.
 * @throws TenfoldError `bad-usage` where it is the working folder or holds that
 */
export async function requireElsewhere(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const [own, real] = await Promise.all([process.cwd(), folder].map((path) => realpath(path)));
  if (!join(own!, sep).startsWith(join(real!, sep))) return;
  throw unmet({
    code: 'bad-usage',
    what: `the folder to replace, ${folder}`,
    expected: 'one that does not hold the working folder',
    got: own!,
    advice: 'Give the command from outside that folder.',
  });
}

/**
 * What lies in a folder beside these files and the folders that they lie in: what replacing it would lose.
 * @param files by their paths within the folder
 * @returns paths within the folder
 */
export async function besideFiles(folder: string, files: readonly string[]): Promise<string[]> {
  const known = files.map((file) => normalize(file));
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((entry) => !known.some((file) => file === entry || file.startsWith(entry + sep)));
}

/** A folder cannot be renamed onto one with files, so that goes aside first. */
async function replace(target: string, fresh: string): Promise<void> {
  const aside = `${fresh}-replaced`;
  const isReplacing = existsSync(target);
  if (isReplacing) await rename(target, aside);
  try {
    await rename(fresh, target);
  } catch (error) {
    if (isReplacing) await rename(aside, target);
    throw error;
  }
  if (isReplacing) await rm(aside, { recursive: true, force: true });
}
