import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unmet } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import { checkManifest, MANIFEST_FILE } from '../../core/manifest.js';
import { readBundleFile } from './bundle.js';

/** A folder that holds a bundle, or what seems to be one. */
export interface BundleFolder {
  directory: string;
  name: string;
  version: string;
}

/** A folder whose manifest cannot be used, and why. */
export interface BrokenFolder {
  directory: string;
  error: Error;
}

/** The bundles of these folders as their manifests have them now, in their order; models are not read. */
export async function surveyFolders(
  directories: readonly string[],
): Promise<{ found: BundleFolder[]; broken: BrokenFolder[] }> {
  const found: BundleFolder[] = [];
  const broken: BrokenFolder[] = [];
  for (const directory of directories) {
    try {
      const text = (await readBundleFile(directory, MANIFEST_FILE)).toString('utf8');
      const value = parseJson(text, join(directory, MANIFEST_FILE), 'corrupt', 'Export the bundle again.');
      const { name, version } = checkManifest(value, join(directory, MANIFEST_FILE));
      found.push({ directory, name, version });
    } catch (error) {
      broken.push({ directory, error: error as Error });
    }
  }
  return { found, broken };
}

/** The folders of a repository that hold a manifest, the last in the order of their names first: `flagship-10` before `flagship-9`. */
export async function repositoryFolders(repository: string): Promise<string[]> {
  const entries = await readdir(repository, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(repository, entry.name, MANIFEST_FILE)))
    .map(({ name }) => name)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join(repository, name));
}

/** @throws TenfoldError `bad-usage` where it is no folder that can be read. */
export async function checkRepository(repository: string): Promise<void> {
  try {
    await repositoryFolders(repository);
  } catch (cause) {
    throw unmet({
      code: 'bad-usage',
      what: 'the repository',
      expected: 'a folder that can be read',
      got: `${repository}: ${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}`,
      advice: 'Name the folder whose subfolders hold bundles.',
      cause,
    });
  }
}
