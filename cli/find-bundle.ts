import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unmet } from '../core/errors.js';
import { MANIFEST_FILE } from '../core/manifest.js';
import { BUNDLES_FOLDER } from './places.js';

/**
 * The bundle to use: the one named, or the one exported last.
 * @throws TenfoldError `not-found` where none is named and none was exported.
 */
export async function findBundle(named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const folders = await readdir(BUNDLES_FOLDER).catch(() => []);
  const dated = await Promise.all(
    folders.map(async (folder) => {
      const directory = join(BUNDLES_FOLDER, folder);
      const { mtimeMs } = await stat(join(directory, MANIFEST_FILE)).catch(() => ({
        mtimeMs: Number.NEGATIVE_INFINITY,
      }));
      return { directory, mtimeMs };
    }),
  );
  const newest = dated.sort((a, b) => b.mtimeMs - a.mtimeMs)[0];
  if (newest && newest.mtimeMs > 0) return newest.directory;
  throw unmet({
    code: 'not-found',
    what: '--bundle',
    expected: `a bundle folder, or one in ${BUNDLES_FOLDER}/`,
    got: 'neither',
    advice: 'Run `tenfold pipeline --no-serve` to make one.',
  });
}
