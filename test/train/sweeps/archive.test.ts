import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { TenfoldError } from '../../../core/errors.js';
import { RUN_FILES } from '../../../core/run.js';
import {
  type ArchivedFile,
  pack,
  readRun,
  readSavedRun,
  unpack,
  writeFiles,
} from '../../../train/sweeps/queue/archive.js';
import { temporaryFolder } from '../fit/small-run.js';

const isCorrupt = (error: unknown) => error instanceof TenfoldError && error.code === 'corrupt';

const plain = (files: readonly ArchivedFile[]) =>
  files.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes).toString('hex') }));

/** An archive as somebody else might make it. */
const foreign = (header: unknown, content = ''): Buffer =>
  gzipSync(`tenfold run 1\n${JSON.stringify(header)}\n${content}`);

describe('a run that goes through Redis', () => {
  test('comes out as it went in, in folders below its own too', async (context) => {
    const from = await temporaryFolder(context);
    mkdirSync(join(from, 'tensorboard', 'train'), { recursive: true });
    writeFileSync(join(from, 'weights.bin'), new Uint8Array([0, 10, 255, 10]));
    writeFileSync(join(from, 'empty.csv'), '');
    writeFileSync(join(from, 'tensorboard', 'train', 'events.out.tfevents.1.host-2'), 'a\nb');
    writeFileSync(join(from, 'metrics.json.partial'), 'half');
    const to = join(await temporaryFolder(context), 'run');
    await writeFiles(to, await unpack(await pack(await readRun(from))));
    const byName = (files: ArchivedFile[]) => plain(files).sort((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(
      byName(await readRun(to)).map(({ name }) => name),
      ['empty.csv', 'tensorboard/train/events.out.tfevents.1.host-2', 'weights.bin'],
    );
    const whole = byName(await readRun(from));
    assert.deepEqual(byName(await readRun(to)), whole);
    assert.equal(
      readFileSync(join(to, 'tensorboard', 'train', 'events.out.tfevents.1.host-2'), 'utf8'),
      'a\nb',
    );
  });

  test('any bytes survive', async () => {
    const file = fc.record({
      name: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}(\/[a-z0-9][a-z0-9._-]{0,8})?$/),
      bytes: fc.uint8Array({ maxLength: 200 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 5 }), async (files) => {
        assert.deepEqual(plain(await unpack(await pack(files))), plain(files));
      }),
    );
  });

  test('cut short or changed, it is refused in words or is what it was', async () => {
    const files = [{ name: 'a', bytes: Buffer.from('some weights, some more weights') }];
    const archive = await pack(files);
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        await assert.rejects(unpack(archive.subarray(0, at)), isCorrupt);
        const damaged = Buffer.from(archive);
        damaged[at]! ^= change;
        // Some bytes of a gzip header mean nothing.
        const outcome = await unpack(damaged).then(plain, (error) =>
          assert.ok(isCorrupt(error), String(error)),
        );
        if (outcome) assert.deepEqual(outcome, plain(files));
      }),
    );
  });

  for (const name of ['../a', '/etc/a', 'a/../../b', '.hidden', 'a//b', '', 'a\\..\\b', 'a/..']) {
    test(`a file called ${JSON.stringify(name)} is refused`, async () => {
      await assert.rejects(unpack(foreign([{ name, length: 1 }], 'x')), isCorrupt);
    });
  }

  for (const header of [
    [{ name: 'a', length: -1 }],
    [{ name: 'a', length: 2 }],
    [null],
    {},
    [{ name: 'a' }],
  ]) {
    test(`a header ${JSON.stringify(header)} over one byte is refused`, async () => {
      await assert.rejects(unpack(foreign(header, 'x')), isCorrupt);
    });
  }

  test('is not taken before it was saved, nor while it is being saved', async (context) => {
    const folder = await temporaryFolder(context);
    writeFileSync(join(folder, RUN_FILES.recipe), '{}');
    assert.equal(await readSavedRun(folder), null);
    for (const file of ['weights', 'model', 'optimizer'] as const) {
      writeFileSync(join(folder, RUN_FILES[file]), file);
    }
    assert.equal((await readSavedRun(folder))?.length, 4);
    writeFileSync(join(folder, `${RUN_FILES.weights}.partial`), 'half');
    assert.equal(await readSavedRun(folder), null);
  });
});
