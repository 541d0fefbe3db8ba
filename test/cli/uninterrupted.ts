import { join } from 'node:path';
import { makeFolder, resultOf } from './command-line.js';
import { outcomeOf } from './outcome.js';
import { TINY_TRAINING, writeSmallData } from './small-data.js';

/** A training that nothing disturbed, to compare disturbed ones with. */
export interface Uninterrupted {
  /** The folder of the data and the run; whoever asked for it removes it. */
  shared: string;
  data: string;
  /** The command's arguments. */
  train: string[];
  uninterrupted: ReturnType<typeof outcomeOf>;
}

export async function trainUninterrupted(trainImages: number): Promise<Uninterrupted> {
  const shared = makeFolder();
  const data = await writeSmallData(join(shared, 'data'), { train: trainImages, test: 300 });
  const train = ['train', ...TINY_TRAINING, '--data', data, '--out', 'run'];
  await resultOf(train, shared);
  return { shared, data, train, uninterrupted: outcomeOf(join(shared, 'run')) };
}
