import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Router } from 'express';
import { unmet } from '../../core/errors.js';
import { MANIFEST_FILE, MODEL_CARD_FILE, PRECISION_FILES } from '../../core/manifest.js';
import type { LoadedModel, Models } from '../models/models.js';
import { readOnly } from './allow-only.js';
import { answerRefusal, forAnyOrigin } from './static-files.js';

/** A file as it lies in the folder. */
interface Found {
  /** Differs where the file was written or replaced meanwhile, whatever time it bears. */
  stamp: string;
  /** Lower-case hexadecimal. */
  sha256: string;
}

/**
 * The default model's manifest as it was loaded, the files that it names, and nothing else of its folder; of graphs those that were loaded,
 * and no others.
 */
export function bundleFiles(models: Models): Router {
  const router = Router();
  const known = new Map<string, Found>();
  const find = async (path: string): Promise<Found | null> => {
    const found = await read(path, known.get(path));
    if (found) known.set(path, found);
    return found;
  };
  router.use(forAnyOrigin);
  router
    .route('/{*path}')
    .all(readOnly((path) => filesOf(models.default).includes(path.slice(1))))
    .get<{ path?: string[] }>(async ({ params: { path = [] } }, response, next) => {
      const file = path.join('/');
      // Never a canary's: all files that a page loads must be of one bundle.
      const model = models.default;
      const { manifest, directory } = model;
      // The name stays, the bytes may not: a new bundle takes the old one's place, and one that is older by its files' times may as well.
      response.setHeader('Cache-Control', 'no-cache');
      if (file === MANIFEST_FILE) {
        const text = `${JSON.stringify(manifest, null, 2)}\n`;
        response
          .type('json')
          .setHeader('ETag', `"${sha256(text)}"`)
          .send(text);
        return;
      }
      const found = filesOf(model).includes(file) ? await find(join(directory, file)) : null;
      if (!found) {
        next();
        return;
      }
      if (!isOfModel(file, found, model)) throw notLoaded(file);
      response.setHeader('ETag', `"${found.sha256}"`);
      response.sendFile(file, { root: directory, lastModified: false }, (error) => {
        if (error && !response.headersSent) next(error);
      });
    });
  router.use(answerRefusal);
  return router;
}

/** The names of those that are handed out. */
const filesOf = ({ manifest }: LoadedModel): string[] => [
  MANIFEST_FILE,
  MODEL_CARD_FILE,
  ...Object.keys(manifest.files),
];

/** Reads a file unless it is as it was; null where there is none. */
async function read(path: string, before: Found | undefined): Promise<Found | null> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    const stamp = [ino, size, mtimeMs, ctimeMs].join(' ');
    if (before?.stamp === stamp) return before;
    return { stamp, sha256: sha256(await readFile(path)) };
  } catch {
    return null;
  }
}

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** Whether a file is of the model that answers: a bundle in its folder may be another by now, one that was refused. Cards may be amended. */
const isOfModel = (file: string, found: Found, { manifest }: LoadedModel): boolean =>
  !Object.values(PRECISION_FILES).includes(file) || manifest.files[file]?.sha256 === found.sha256;

const notLoaded = (file: string) =>
  unmet({
    code: 'unavailable',
    what: file,
    expected: 'that of the model which is loaded',
    got: 'that of another bundle, which took its place in the folder',
    advice: 'Load the bundle (SIGHUP), or put the other back.',
  });
