import { readFile } from 'node:fs/promises';
import { unmet } from '../../core/errors.js';
import { classify, type Prediction } from '../../core/predict.js';
import { DEFAULT_LIMITS } from '../../serve/limits.js';
import { openBundleFolder } from '../../serve/models/bundle.js';
import { blockOtherLoaders, decode } from '../../serve/pictures/decode.js';
import { createRunner } from '../../serve/workers/runner.js';
import { type Command, text } from '../command.js';
import { findBundle } from '../find-bundle.js';

/** Pictures in memory at a time, four bytes a pixel. */
const MOST_AT_ONCE = 4;

export const predictCommand: Command = {
  usage: 'FILE... [--bundle DIR]',
  summary: 'Names the digit in each picture, by the default model or a bundle of your own.',
  options: { bundle: { type: 'string' } },
  async run({ values, positionals: files, output }) {
    if (files.length === 0) {
      throw unmet({
        code: 'bad-usage',
        what: 'the arguments',
        expected: 'one picture or more',
        got: 'none',
        advice: 'Name PNG, JPEG, WebP or GIF files.',
      });
    }
    blockOtherLoaders();
    const bundle = await openBundleFolder(findBundle(text(values, 'bundle')));
    const runner = await createRunner(bundle);
    const predictions: Prediction[] = [];
    for (let start = 0; start < files.length; start += MOST_AT_ONCE) {
      const images = await Promise.all(files.slice(start, start + MOST_AT_ONCE).map(readPicture));
      predictions.push(...(await classify(images, runner, bundle.manifest.calibration)));
    }
    await runner.release();
    const results = predictions.map((prediction, index) => ({ file: files[index]!, ...prediction }));
    for (const { file, digit, confidence, reason } of results) {
      output.say(
        `${file}: ${digit ?? 'no digit'}${reason ? ` (${reason})` : ''}, ${(100 * confidence).toFixed(1)}%`,
      );
    }
    output.result({ results });
  },
};

async function readPicture(file: string) {
  try {
    return await decode(await readFile(file), { ...DEFAULT_LIMITS, name: file });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    throw unmet({
      code: 'not-found',
      what: file,
      expected: 'a readable picture',
      got: (cause as NodeJS.ErrnoException).code ?? String(cause),
      advice: 'Check the path.',
      cause,
    });
  }
}
