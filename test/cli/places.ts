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

/** A folder that this user must not write into; null where nothing is forbidden to this user. */
export function forbiddenFolder(context: TestContext): string | null {
  const folder = join(makeFolder(), 'forbidden');
  mkdirSync(folder);
  chmodSync(folder, 0o555);
  context.after(() => {
    chmodSync(folder, 0o755);
    removeFolder(join(folder, '..'));
  });
  return succeeds('touch', join(folder, 'a')) ? null : folder;
}

/** Runs what follows with files of at most so many KiB; needs no rights. */
export const withFilesUpTo = (kibibytes: number): string[] => [
  'bash',
  '-c',
  `ulimit -f ${kibibytes}; exec "$@"`,
  'bash',
];

export const hasBash = succeeds('bash', '-c', 'exit 0');
