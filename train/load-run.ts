import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { decodeModel } from '../core/model-json.js';
import { RUN_FILES } from '../core/run.js';

/**
 * The network of a run folder, on the current backend.
 * @throws TenfoldError `not-found` where no epoch was saved, `corrupt` where the weights are not those of the model.
 */
export async function loadRun(folder: string): Promise<LayersModel> {
  const read = async (file: string) => {
    try {
      return await readFile(join(folder, file));
    } catch (cause) {
      throw unmet({
        code: 'not-found',
        what: join(folder, file),
        expected: 'a run that finished an epoch',
        got: (cause as Error).message,
        advice: 'Train it first, or go on with it by --resume.',
        cause,
      });
    }
  };
  const text = (await read(RUN_FILES.model)).toString();
  const weights = await read(RUN_FILES.weights);
  return loadLayersModel(io.fromMemory(decodeModel(text, () => weights)));
}
