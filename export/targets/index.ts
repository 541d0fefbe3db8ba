import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openBundle } from '../../core/bundle.js';
import { describe, unmet } from '../../core/errors.js';
import { unwritable } from '../../core/file-errors.js';
import type { Manifest, Precision } from '../../core/manifest.js';
import { folderSource } from '../bundle.js';
import { inferenceService } from './kserve.js';
import { tritonFiles } from './triton.js';

/** Servers beside our own that a bundle can be laid out for. */
export const SERVER_TARGETS = ['triton', 'kserve'] as const;
export type ServerTarget = (typeof SERVER_TARGETS)[number];

/** What lies beside the model's folder, by file name. */
const BESIDE: { readonly [T in ServerTarget]: (manifest: Manifest) => Record<string, string> } = {
  triton: () => ({}),
  kserve: (manifest) => ({ 'inference-service.yaml': inferenceService(manifest) }),
};

/** The file that tells a model's folder from others. */
const CONFIG_FILE = 'config.pbtxt';

/** What `tenfold export --target triton --json` prints. */
export interface TargetResult {
  target: ServerTarget;
  /** The model repository. */
  repository: string;
  /** The model's folder within it. */
  model: string;
}

/**
 * Lays a bundle out for another server: a folder by the model's name in a Triton model repository, which may hold other models. An
 * earlier one of that name is replaced, at once.
 * @param precision which of the bundle's graphs, under the name that Triton looks for
 * @throws TenfoldError as `openBundle` throws for the bundle, `bad-input` where its name can be no folder's, `bad-usage` where a folder of that name is no model's, `failed` where it
 * cannot be written.
 */
export async function exportForServer(
  bundle: string,
  target: ServerTarget,
  repository: string,
  precision: Precision = 'fp32',
): Promise<TargetResult> {
  const { manifest, model } = await openBundle(folderSource(bundle), () => precision);
  requireFolderName(manifest.name);
  const folder = join(repository, manifest.name);
  await requireModelFolder(folder);
  const fresh = join(repository, `.${manifest.name}-${randomUUID()}`);
  try {
    await writeFiles(fresh, tritonFiles(manifest, model));
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
    await writeFiles(repository, BESIDE[target](manifest));
  } catch (cause) {
    throw unwritable(cause, repository, 'or name another folder by --out');
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return { target, repository, model: folder };
}

async function writeFiles(folder: string, files: Record<string, Uint8Array | string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

function requireFolderName(name: string): void {
  if (/^[\w-][\w.-]*$/.test(name)) return;
  throw unmet({
    code: 'bad-input',
    what: "the model's name",
    expected:
      'letters, digits, dots, hyphens and underscores, as it becomes the name of a folder and of a model in Triton',
    got: describe(name),
    advice: 'Give the bundle another name in its manifest.',
  });
}

async function requireModelFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const entries = await readdir(folder).catch((): string[] => []);
  if (entries.includes(CONFIG_FILE)) return;
  throw unmet({
    code: 'bad-usage',
    what: `the model's folder ${folder}`,
    expected: `none yet, or one with a ${CONFIG_FILE}`,
    got: entries.length > 0 ? `a folder with ${entries.slice(0, 3).join(', ')}` : 'something else',
    advice: 'Name another repository by --out: nothing that is no model is overwritten.',
  });
}
