import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BundleSource, openBundle } from '../core/bundle.js';
import { unmet } from '../core/errors.js';
import { FIGURES_FILE, PICTURES_FOLDER } from '../core/figures.js';
import { unwritable } from '../core/file-errors.js';
import {
  checkManifest,
  type FileRecord,
  MANIFEST_FILE,
  type Manifest,
  MODEL_CARD_FILE,
  MODEL_FILE,
  type Variants,
} from '../core/manifest.js';
import { isRecord } from '../core/shape.js';
import { besideFiles, requireElsewhere, writeFolder } from './write-folder.js';

/** What a bundle is written from; the manifest's records of the files are made here. */
export interface BundleContents {
  model: Uint8Array;
  card: string;
  manifest: Omit<Manifest, 'files'>;
}

/** What changes in a manifest beside the records of files. */
export interface BundleChanges {
  variants?: Variants;
  /** Makes the model card of the manifest as it will be, but for the card's own record. */
  card?(manifest: Manifest): Promise<string>;
}

/** Lower-case hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Writes a bundle: into a new folder beside it first, then in its place at once, so that neither a failure nor a reader
 * in between meets half of one. A bundle that was there is replaced.
 * @throws TenfoldError `bad-usage` where the folder holds something that is not a bundle, `failed` where it cannot be
 * written.
 */
export async function writeBundle(directory: string, contents: BundleContents): Promise<Manifest> {
  await requireReplaceable(directory);
  const files: Record<string, Uint8Array> = {
    [MODEL_FILE]: contents.model,
    [MODEL_CARD_FILE]: Buffer.from(contents.card),
  };
  const manifest = checkManifest({ ...contents.manifest, files: recordsOf(files) }, MANIFEST_FILE);
  try {
    await writeFolder(directory, async (fresh) => {
      for (const [name, bytes] of Object.entries(files)) await writeFile(join(fresh, name), bytes);
      await writeFile(join(fresh, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    });
  } catch (cause) {
    throw unwritable(cause, directory, 'or name another folder by --out');
  }
  return manifest;
}

/**
 * Puts files into a bundle, as a model card with its figures and pictures or variants, and their hashes into its manifest, which stays as it is otherwise.
 * With new figures the pictures of earlier ones go; all else stays. Done aside and put in place at once, as {@link writeBundle} does it.
 * @param files by their paths within the bundle; none of them `model.onnx` or `manifest.json`
 * @param changes what the manifest is to tell of variants, and a card that is made of the manifest
 * @throws TenfoldError as `openBundle` throws where there is no whole bundle, `bad-usage` where it is the working folder or holds that, `failed`
 * where it cannot be written
 */
export async function amendBundle(
  directory: string,
  given: Record<string, Uint8Array>,
  { variants, card }: BundleChanges = {},
): Promise<Manifest> {
  const { manifest } = await openBundle(folderSource(directory));
  const isStale = (path: string) => FIGURES_FILE in given && path.startsWith(`${PICTURES_FOLDER}/`);
  const kept = Object.entries(manifest.files).filter(([name]) => !isStale(name));
  const { files: _, ...rest } = manifest;
  const described = (files: Record<string, Uint8Array>): Manifest => ({
    ...rest,
    ...(variants && { variants }),
    files: { ...Object.fromEntries(kept), ...recordsOf(files) },
  });
  const files = card ? { ...given, [MODEL_CARD_FILE]: Buffer.from(await card(described(given))) } : given;
  const amended = checkManifest(described(files), MANIFEST_FILE);
  try {
    await writeFolder(directory, async (fresh) => {
      // Files, not links: writing to a link would change the file elsewhere that it leads to.
      await cp(directory, fresh, { recursive: true, dereference: true });
      if (isStale(`${PICTURES_FOLDER}/`))
        await rm(join(fresh, PICTURES_FOLDER), { recursive: true, force: true });
      for (const [name, bytes] of Object.entries(files)) {
        await mkdir(dirname(join(fresh, name)), { recursive: true });
        await writeFile(join(fresh, name), bytes);
      }
      await writeFile(join(fresh, MANIFEST_FILE), `${JSON.stringify(amended, null, 2)}\n`);
    });
  } catch (cause) {
    throw unwritable(cause, directory, 'then give the command again');
  }
  return amended;
}

/** Reads a bundle's files from a folder, for `openBundle`. */
export function folderSource(directory: string): BundleSource {
  const read = async (file: string): Promise<Buffer> => {
    try {
      return await readFile(join(directory, file));
    } catch (cause) {
      throw unmet({
        code: 'not-found',
        what: `the bundle ${directory}`,
        expected: `a readable file ${file}`,
        got: (cause as NodeJS.ErrnoException).code ?? String(cause),
        advice: 'Pass a folder that "tenfold export" wrote.',
        cause,
      });
    }
  };
  return {
    location: directory,
    read,
    readText: async (file) => (await read(file)).toString('utf8'),
    sha256: async (bytes) => sha256(bytes),
  };
}

/**
 * Looks before any work is done whether a bundle may be written there.
 * @throws TenfoldError `bad-usage` where the path is a file, the working folder, or a folder that holds anything but a bundle, of this
 * format or another.
 */
export async function requireReplaceable(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  const entries = await readdir(directory).catch(() => null);
  const kept = entries && entries.length > 0 ? await besideBundle(directory) : entries;
  if (kept?.length === 0) return requireElsewhere(directory);
  throw unmet({
    code: 'bad-usage',
    what: `the output folder ${directory}`,
    expected: 'a new folder, an empty one, or an earlier bundle and nothing else',
    got: kept ? `a folder with ${kept.slice(0, 3).join(', ')}` : 'a file',
    advice: 'Name another folder: nothing that is not a bundle is overwritten.',
  });
}

/** What lies in a folder that is not of a bundle there, by its paths within; all of it where none is there. */
async function besideBundle(directory: string): Promise<string[]> {
  const manifest: unknown = await readFile(join(directory, MANIFEST_FILE), 'utf8')
    .then(JSON.parse)
    .catch(() => null);
  const isBundle =
    isRecord(manifest) &&
    typeof manifest.format === 'number' &&
    isRecord(manifest.files) &&
    isRecord(manifest.files[MODEL_FILE]);
  if (!isBundle) return readdir(directory);
  return besideFiles(directory, [MANIFEST_FILE, ...Object.keys(manifest.files as object)]);
}

function recordsOf(files: Record<string, Uint8Array>): Record<string, FileRecord> {
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }]),
  );
}
