import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { makeFolder, removeFolder } from './command-line.js';

const succeeds = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

/** A disk of a size of its own. */
export interface Disk {
  folder: string;
  /** Gives it another size, as in `64k`. */
  resize(size: string): void;
  /** Makes it read-only. */
  protect(): void;
}

/** A disk in memory, gone with the test; null where this user may not mount one. */
export function mountDisk(context: TestContext, size: string): Disk | null {
  const folder = makeFolder();
  const isMounted = succeeds('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
  context.after(() => {
    if (isMounted) spawnSync('umount', [folder]);
    removeFolder(folder);
  });
  const remount = (option: string) => {
    const { status, stderr } = spawnSync('mount', ['-o', `remount,${option}`, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  if (!isMounted) return null;
  return { folder, resize: (to) => remount(`size=${to}`), protect: () => remount('ro') };
}

/** A folder that must not be written into, and what a command must run within so that this holds for it, too. */
export interface ForbiddenFolder {
  folder: string;
  within: readonly string[];
}

/** The superuser without the right to pass over permissions. */
const WITHOUT_OVERRIDE = ['--bounding-set', '--inh-caps'].map(
  (set) => `${set}=-dac_override,-dac_read_search`,
);
/** As whom a command may be run: as this user, or as a superuser to whom permissions mean something. */
const USERS: readonly (readonly string[])[] = [[], ['setpriv', ...WITHOUT_OVERRIDE]];

/** null where nothing is forbidden to this user, and that right cannot be given up. */
export function forbiddenFolder(context: TestContext): ForbiddenFolder | null {
  const folder = join(makeFolder(), 'forbidden');
  mkdirSync(folder);
  chmodSync(folder, 0o555);
  context.after(() => {
    chmodSync(folder, 0o755);
    removeFolder(join(folder, '..'));
  });
  const isBound = (within: readonly string[]) => {
    const [program, ...rest] = [...within, 'bash', '-c', '[ ! -w "$1" ]', 'bash', folder];
    return succeeds(program!, ...rest);
  };
  const within = USERS.find(isBound);
  return within === undefined ? null : { folder, within };
}

/** Runs what follows with files of at most so many KiB; needs no rights. */
export const withFilesUpTo = (kibibytes: number): string[] => [
  'bash',
  '-c',
  `ulimit -f ${kibibytes}; exec "$@"`,
  'bash',
];

export const hasBash = succeeds('bash', '-c', 'exit 0');
