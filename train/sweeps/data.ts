import { join } from 'node:path';
import { loadMnist } from '../dataset/mnist.js';
import { hashOfData, requireSameData } from '../run-data.js';
import { recipeOf } from '../run-folder.js';
import type { RunSpec } from './plan.js';

/** @param data a folder of IDX files; undefined for MNIST as it is bundled */
export const hashOfDataIn = async (data: string | undefined): Promise<string> =>
  hashOfData(await loadMnist(data === undefined ? {} : { directory: data }));

/**
 * Holds a sweep to the data of those of its runs that are finished: seeds that were trained on different data have no mean.
 * @throws TenfoldError `bad-usage` where these are others
 */
export async function requireTheirData(
  finished: readonly RunSpec[],
  { folder, data, dataSha256 }: { folder: string; data: string | undefined; dataSha256: string },
): Promise<void> {
  for (const { id } of finished) {
    const recipe = await recipeOf(join(folder, id));
    if (recipe)
      requireSameData(recipe, dataSha256, data, `the data of the sweep, whose run ${id} is finished`);
  }
}
