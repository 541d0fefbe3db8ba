import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unmet } from '../core/errors.js';
import { MANIFEST_FILE } from '../core/manifest.js';
import { DEFAULT_BUNDLE } from '../serve/models/bundle.js';

/**
 * The bundle to use: the one named, or the default model that comes with the package.
 * @throws TenfoldError `not-found` where none is named and the package has none.
 */
export function findBundle(named: string | undefined, shipped = DEFAULT_BUNDLE): string {
  if (named !== undefined) return named;
  if (existsSync(join(shipped, MANIFEST_FILE))) return shipped;
  throw unmet({
    code: 'not-found',
    what: '--bundle',
    expected: `a bundle folder, or the default model in ${shipped}`,
    got: 'neither',
    advice: 'Name a bundle of your own, or make one by `tenfold pipeline`, which serves it too.',
  });
}
