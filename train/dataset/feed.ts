import { availableParallelism } from 'node:os';
import { INPUT_LENGTH } from '../../core/image.js';
import type { BatchPlace } from '../augment/augment.js';
import { outlierCount } from '../outliers/outliers.js';
import { batchCount, gatherBytes, gatherLabels, shuffledBatches } from './batches.js';
import type { LabelledImages } from './mnist.js';
import type { PrepareSettings } from './prepare.js';
import { type Preparer, prepareHere, startPreparer } from './preparer.js';

export interface FeedOptions extends PrepareSettings {
  set: LabelledImages;
  batchSize: number;
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

export interface Batch {
  /** `[batch + outliers, 28, 28, 1]`, ink 1.0 on 0.0, augmented, outliers last; good until the next batch is asked for. */
  images: Float32Array;
  /** `[batch]`, 0 to 9; outliers have none. */
  labels: Int32Array;
}

/** The batches of a training, in their order. */
export interface Feed {
  /**
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

/** Batches that wait or are being prepared for each thread, beside the one that is trained with. */
const AHEAD = 2;

/** Starts the threads and has them prepare the first batches. */
export function openFeed(options: FeedOptions): Feed {
  const { set, batchSize, seed, augmentation, outlierShare = 0, threads = usualThreads() } = options;
  const settings = { seed, augmentation, outlierShare };
  const preparers: Preparer[] =
    threads === 0 ? [prepareHere(settings)] : Array.from({ length: threads }, () => startPreparer(settings));
  const places = placesOf(options);
  const underWay: { preparer: Preparer; labels: Int32Array }[] = [];
  const rowsOf = (digits: number) => digits + outlierCount(digits, outlierShare);
  const digits = Math.min(batchSize, set.count);
  const spare = Array.from({ length: AHEAD * threads + 1 }, () => ({
    bytes: new Uint8Array(digits * INPUT_LENGTH),
    images: new Float32Array(rowsOf(digits) * INPUT_LENGTH),
  }));
  let sent = 0;

  const send = () => {
    while (spare.length > 0) {
      const { value: place } = places.next();
      if (!place) return;
      const { bytes, images } = spare.pop()!;
      gatherBytes(set.images, place.indices, bytes);
      const preparer = preparers[sent++ % preparers.length]!;
      preparer.send({ ...place, bytes, images });
      underWay.push({ preparer, labels: gatherLabels(set.labels, place.indices) });
    }
  };
  send();

  return {
    async next() {
      send();
      const first = underWay.shift();
      if (!first) throw new RangeError('there is no batch after the last');
      const { bytes, images } = await first.preparer.receive();
      spare.push({ bytes, images });
      const { labels } = first;
      return { images: images.subarray(0, rowsOf(labels.length) * INPUT_LENGTH), labels };
    },
    async close() {
      await Promise.all(preparers.map((preparer) => preparer.close()));
    },
  };
}

function* placesOf({
  set,
  batchSize,
  seed,
  firstStep,
  steps,
}: FeedOptions): Generator<BatchPlace, undefined> {
  const { count } = set;
  const stepsPerEpoch = batchCount({ count, batchSize });
  let step = firstStep;
  while (step < steps) {
    const epoch = 1 + Math.floor(step / stepsPerEpoch);
    const rest = shuffledBatches({ count, batchSize, seed, epoch }).slice(step % stepsPerEpoch);
    for (const indices of rest.slice(0, steps - step)) yield { epoch, step: step++, indices };
  }
}
