import { availableParallelism } from 'node:os';
import { INPUT_LENGTH } from '../../core/image.js';
import { type Batch, type PrepareSettings, rowsOf } from './prepare.js';
import { type Preparer, prepareHere, startPreparer } from './preparer.js';

export interface FeedOptions extends PrepareSettings {
  /** Steps of the run before the first batch. */
  firstStep: number;
  /** Steps of the run in all. */
  steps: number;
  /**
   * Threads that prepare batches ahead; 0 prepares each when it is asked for. The batches are the same. By
   * default one for each four cores, at most four.
   */
  threads?: number;
}

/** The batches of a training, in their order. */
export interface Feed {
  /**
   * The batch's images are good until the next one is asked for.
   * @throws RangeError after the last batch; TenfoldError `failed` where a thread that prepares them has ended.
   */
  next(): Promise<Batch>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * One thread outruns a training step on two cores with everything switched on; a GPU, beside which there are more cores, is
 * faster than that.
 */
const usualThreads = (): number => Math.min(4, Math.max(1, Math.floor(availableParallelism() / 4)));

/** Batches in memory where threads prepare them: those that wait or are being prepared, and the one that is trained with. */
export const AHEAD = 16;

/** Starts the threads and has them prepare the first batches. */
export function openFeed({ firstStep, steps, threads = usualThreads(), ...settings }: FeedOptions): Feed {
  const preparers: Preparer[] =
    threads === 0 ? [prepareHere(settings)] : Array.from({ length: threads }, () => startPreparer(settings));
  // Where all cores compute, a thread that wakes takes the core of whoever woke it: it is asked for several batches at once.
  const group = threads === 0 ? 1 : Math.max(1, Math.floor(AHEAD / (2 * threads)));
  const length = rowsOf(Math.min(settings.batchSize, settings.set.count), settings) * INPUT_LENGTH;
  const spare = Array.from(
    { length: Math.max(1, 2 * group * threads) },
    () => new ArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT),
  );
  let asked = firstStep;
  let given = firstStep;
  const preparerOf = (step: number) => preparers[Math.floor((step - firstStep) / group) % preparers.length]!;

  const ask = () => {
    while (spare.length >= group && asked < steps) {
      const preparer = preparerOf(asked);
      const memories = spare.splice(0, Math.min(group, steps - asked));
      preparer.send(memories.map((memory) => ({ step: asked++, memory })));
    }
  };
  ask();

  return {
    async next() {
      if (given >= steps) throw new RangeError('there is no batch after the last');
      ask();
      const batch = await preparerOf(given++).receive();
      spare.push(batch.images.buffer);
      return batch;
    },
    async close() {
      await Promise.all(preparers.map((preparer) => preparer.close()));
    },
  };
}
