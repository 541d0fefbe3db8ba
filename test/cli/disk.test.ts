import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { RUN_FILES } from '../../core/run.js';
import {
  assertRefused,
  contentsOf,
  removeFolder,
  resultOf,
  temporaryFolder,
  tenfold,
} from './command-line.js';
import { outcomeOf } from './outcome.js';
import { forbiddenFolder, hasBash, mountDisk, withFilesUpTo } from './places.js';
import { trainUninterrupted, type Uninterrupted } from './uninterrupted.js';

let shared: string;
let data: string;
let train: string[];
let uninterrupted: Uninterrupted['uninterrupted'];

before(async () => {
  ({ shared, data, train, uninterrupted } = await trainUninterrupted(500));
});
after(() => removeFolder(shared));

const NO_DISK = 'mounting a disk is for the superuser';

/** A run that could not go on has whole files only, or none; what there is can be evaluated. */
async function assertWhole(folder: string): Promise<void> {
  const run = join(folder, 'run');
  const files = existsSync(run) ? readdirSync(run) : [];
  assert.deepEqual(
    files.filter((file) => file.endsWith('.partial')),
    [],
  );
  const { status, stderr } = await tenfold(['evaluate', 'run', '--data', data], folder);
  assert.equal(status, files.includes(RUN_FILES.model) ? 0 : 2, stderr);
}

/** Goes on with what is there, now that it can be written, to the bits of a run that nothing stopped. */
async function assertGoesOn(folder: string): Promise<void> {
  const hasBegun = existsSync(join(folder, 'run', RUN_FILES.recipe));
  await resultOf(hasBegun ? [...train, '--resume'] : train, folder);
  assert.deepEqual(outcomeOf(join(folder, 'run')), uninterrupted);
}

describe('a full disk', () => {
  /** Sizes, and the file that then does not fit. */
  const FULL: Record<string, string> = {
    '0 at all': RUN_FILES.recipe,
    '16k': `${RUN_FILES.tensorboard}/train`,
    '24k': RUN_FILES.weights,
    '64k': RUN_FILES.optimizer,
    // The second epoch: old and new files lie side by side until the new ones are whole.
    '140k': RUN_FILES.weights,
    '160k': RUN_FILES.optimizer,
  };
  for (const [room, file] of Object.entries(FULL)) {
    test(`with room for ${room}: ${file} is named, and the run goes on once there is more`, async (context) => {
      const disk = mountDisk(context, room.startsWith('0') ? '8k' : room);
      if (!disk) return context.skip(NO_DISK);
      if (room.startsWith('0')) writeFileSync(join(disk.folder, 'filler'), Buffer.alloc(8192));
      assertRefused(
        await tenfold(train, disk.folder),
        1,
        new RegExp(
          `^tenfold: Expected a place that can be written for run/${file}, got a full disk \\(ENOSPC\\)\\. Make room on it, `,
        ),
      );
      await assertWhole(disk.folder);
      disk.resize('4m');
      await assertGoesOn(disk.folder);
    });
  }

  test('takes no bundle, and keeps nothing of one', async (context) => {
    const disk = mountDisk(context, '16k');
    if (!disk) return context.skip(NO_DISK);
    const out = join(disk.folder, 'bundle');
    const ended = await tenfold(['export', 'run', '--out', out, '--data', data], shared);
    assertRefused(
      ended,
      1,
      /bundle, got a full disk \(ENOSPC\)\. Make room on it, or name another folder by --out\.$/,
    );
    assert.deepEqual(contentsOf(disk.folder), {});
  });

  test('as standard output is a failure that is told', async (context) => {
    if (!existsSync('/dev/full') || !hasBash) return context.skip('there is no /dev/full');
    const into = ['bash', '-c', '"$@" > /dev/full', 'bash'];
    const ended = await tenfold(['recipes', '--json'], temporaryFolder(context), into);
    assertRefused(ended, 1, /for standard output, got a full disk \(ENOSPC\)\. Make room on it, or send it/);
  });

  test('as standard error keeps nobody from training', async (context) => {
    if (!existsSync('/dev/full') || !hasBash) return context.skip('there is no /dev/full');
    const folder = temporaryFolder(context);
    const into = ['bash', '-c', '"$@" 2> /dev/full', 'bash'];
    const { status } = await tenfold(train, folder, into);
    assert.equal(status, 0);
    assert.deepEqual(outcomeOf(join(folder, 'run')), uninterrupted);
  });
});

test('files limited in size: the run ends with a message and goes on once they are not', async (context) => {
  if (!hasBash) return context.skip('there is no bash');
  const folder = temporaryFolder(context);
  assertRefused(
    await tenfold(train, folder, withFilesUpTo(32)),
    1,
    /for run\/optimizer\.bin, got a file larger than is allowed \(EFBIG\)\. Raise the limit \(ulimit -f\), then go on/,
  );
  await assertWhole(folder);
  await assertGoesOn(folder);
});

describe('a place that must not be written', () => {
  async function refusesNewRun(
    folder: string,
    code: 'EROFS' | 'EACCES',
    within: readonly string[] = [],
  ): Promise<void> {
    const reason = { EROFS: 'a read-only file system', EACCES: 'no permission' }[code];
    assertRefused(
      await tenfold(train, folder, within),
      1,
      new RegExp(`for run, got ${reason} \\(${code}\\)\\. .*, or name another folder by --out\\.$`),
    );
    assert.deepEqual(contentsOf(folder), {});
  }

  test('a new run in a read-only file system', async (context) => {
    const disk = mountDisk(context, '4m');
    if (!disk) return context.skip(NO_DISK);
    disk.protect();
    await refusesNewRun(disk.folder, 'EROFS');
  });

  test('a new run in a folder without permission', async (context) => {
    const forbidden = forbiddenFolder(context);
    if (!forbidden) return context.skip('nothing is forbidden to the superuser');
    await refusesNewRun(forbidden.folder, 'EACCES', forbidden.within);
  });

  test('going on with a run that has become read-only: it stays as it is and can be evaluated', async (context) => {
    const disk = mountDisk(context, '4m');
    if (!disk) return context.skip(NO_DISK);
    await resultOf([...train, '--max-steps', '15'], disk.folder);
    const before = contentsOf(disk.folder);
    disk.protect();
    assertRefused(
      await tenfold([...train, '--resume'], disk.folder),
      1,
      /for run\/losses\.csv, got a read-only file system \(EROFS\)\. Make it writable, then go on by --resume\.$/,
    );
    assert.deepEqual(contentsOf(disk.folder), before);
    await assertWhole(disk.folder);
  });

  test('a file where the folder, or one above it, should be', async (context: TestContext) => {
    const folder = temporaryFolder(context);
    writeFileSync(join(folder, 'taken'), 'text');
    const before = contentsOf(folder);
    const cases: [out: string, message: RegExp][] = [
      ['taken', /for taken, got a file where the folder should be \(EEXIST\)\. Move that file away, or name/],
      ['taken/run', /for taken\/run, got a file where a folder of its path should be \(ENOTDIR\)/],
    ];
    for (const [out, message] of cases) {
      assertRefused(await tenfold([...train.slice(0, -1), out], folder), 1, message);
    }
    assert.deepEqual(contentsOf(folder), before);
  });
});
