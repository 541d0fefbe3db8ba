import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bundle, type BundleSource, openBundle } from '../../core/bundle.js';
import { unmet } from '../../core/errors.js';
import type { Manifest, Precision } from '../../core/manifest.js';

/** The model that comes with the package. */
export const DEFAULT_BUNDLE = fileURLToPath(new URL('../../../models/default', import.meta.url));

/**
 * Reads a bundle from disk, with its graph of the precision that is chosen, and holds it to its manifest.
 * @throws TenfoldError `not-found` where the folder, one of its files or the precision is missing, `corrupt` where a file differs.
 */
export function openBundleFolder(
  directory: string,
  choose: (manifest: Manifest) => Precision = () => 'fp32',
): Promise<Bundle> {
  return openBundle(folder(directory), choose);
}

function folder(directory: string): BundleSource {
  return {
    location: directory,
    read: (file) => readBundleFile(directory, file),
    readText: async (file) => (await readBundleFile(directory, file)).toString('utf8'),
    sha256: async (bytes) => createHash('sha256').update(bytes).digest('hex'),
  };
}

export async function readBundleFile(directory: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(directory, file));
  } catch (cause) {
    throw unmet({
      code: 'not-found',
      what: 'the bundle',
      expected: `the file ${join(directory, file)}`,
      got: (cause as NodeJS.ErrnoException).code ?? (cause as Error).message,
      advice: 'Name the folder that tenfold export wrote, or run tenfold pipeline to make one.',
      cause,
    });
  }
}
