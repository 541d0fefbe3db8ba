import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { RgbaImage } from '../../core/image.js';
import type { Done, PictureWork, Work, WorkKind, WorkOptions } from '../workers/work.js';
import type { LoadedModel } from './models.js';

/** One picture's answer. */
type Answer = Work[PictureWork]['output'][number];

/** Answers to pictures that were asked before, the longest unused forgotten first. Models may share it. */
export type AnswerCache = LRUCache<string, Answer>;

/** @param entries the most answers that are kept, at least 1 */
export const createAnswerCache = (entries: number): AnswerCache => new LRUCache({ max: entries });

/** Pixels above which a picture passes the cache by: hashing four bytes for each would hold up other requests. */
const MOST_PIXELS = 1_000_000;

/**
 * The model, but pictures that it has answered are answered from the cache. The time of such answers is 0 throughout. Tensors
 * go past it.
 */
export function cachedModel(model: LoadedModel, cache: AnswerCache): LoadedModel {
  // Not the name and version alone: another bundle under the same name must not give the old one's answers.
  const owner = createHash('sha256').update(JSON.stringify(model.manifest)).digest('base64');
  return {
    manifest: model.manifest,
    directory: model.directory,
    get isReady() {
      return model.isReady;
    },
    async run<Kind extends WorkKind>(kind: Kind, input: Work[Kind]['input'], options?: WorkOptions) {
      if (!isPictures(input)) return model.run(kind, input, options);
      const keys = input.map((image) => keyOf(image, `${owner} ${kind}`));
      const known = keys.map((key) => (key === null ? undefined : cache.get(key)));
      const asked = input.filter((_, index) => known[index] === undefined);
      const { output, ...waits } =
        asked.length > 0
          ? await (model.run(kind, asked as Work[Kind]['input'], options) as Promise<Done<PictureWork>>)
          : { output: [], ...NO_WAITS };
      const fresh = output.values();
      const answers = known.map((answer, index) => {
        if (answer !== undefined) return answer;
        const made = fresh.next().value!;
        const key = keys[index]!;
        if (key !== null) cache.set(key, made);
        return made;
      });
      return { output: answers as Work[Kind]['output'], ...waits };
    },
  };
}

const NO_WAITS = { queueMilliseconds: 0, preprocessMilliseconds: 0, inferenceMilliseconds: 0 };

const isPictures = (input: RgbaImage[] | Float32Array): input is RgbaImage[] => Array.isArray(input);

/** null where the picture is too large to be hashed in passing. */
function keyOf({ width, height, data }: RgbaImage, prefix: string): string | null {
  if (width * height > MOST_PIXELS) return null;
  return createHash('sha256').update(`${prefix} ${width}x${height} `).update(data).digest('base64');
}
