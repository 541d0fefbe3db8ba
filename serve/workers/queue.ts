import { unmet } from '../../core/errors.js';
import type { Limits } from '../limits.js';
import { BATCHING } from './batching.js';
import type { WorkKind } from './work.js';

export type QueueLimits = Pick<Limits, 'queuedImages' | 'queuedPixels' | 'batchImages' | 'batchPixels'>;

/** What the queue needs to know of a request. */
export interface Entry {
  kind: WorkKind;
  /** Pictures or rows. */
  size: number;
  pixels: number;
}

/** Requests that wait, oldest first, bounded by pictures and by pixels. */
export class Queue<Waiting extends Entry> {
  readonly #entries: Waiting[] = [];
  #images = 0;
  #pixels = 0;

  constructor(readonly limits: QueueLimits) {}

  /** Requests, not pictures. */
  get length(): number {
    return this.#entries.length;
  }

  /** Pictures and rows. */
  get images(): number {
    return this.#images;
  }

  get oldest(): Waiting | undefined {
    return this.#entries[0];
  }

  /** @throws TenfoldError `unavailable` where the queue is full; an empty queue takes any one request. */
  add(entry: Waiting): void {
    const images = this.#images + entry.size;
    const pixels = this.#pixels + entry.pixels;
    const full = images > this.limits.queuedImages || pixels > this.limits.queuedPixels;
    if (full && this.#entries.length > 0) {
      throw unmet({
        code: 'unavailable',
        what: 'the queue',
        expected: `room for ${entry.size} more`,
        got: `${this.#images} pictures that wait already`,
        advice: 'Try again in a moment, or send less at once.',
      });
    }
    this.#entries.push(entry);
    this.#images = images;
    this.#pixels = pixels;
  }

  /** @returns whether it still waited. */
  remove(entry: Waiting): boolean {
    const place = this.#entries.indexOf(entry);
    if (place < 0) return false;
    this.#take(place, 1);
    return true;
  }

  /**
   * Removes whole requests, oldest first, as many as make one batch; one at least, unless none waits.
   * @param share of the pictures that wait, 0 to 1: not more of them, but for the first request
   */
  takeBatch(share: number): Waiting[] {
    const [first] = this.#entries;
    if (first === undefined) return [];
    let count = 0;
    let images = 0;
    let pixels = 0;
    const { batchPixels } = this.limits;
    const batchImages = Math.min(this.limits.batchImages, Math.ceil(share * this.#images));
    for (const { kind, size, pixels: more } of this.#entries) {
      const fits = images + size <= batchImages && pixels + more <= batchPixels;
      const isAlike = kind === first.kind && BATCHING[kind].isShared;
      if (count > 0 && !(fits && isAlike)) break;
      count++;
      images += size;
      pixels += more;
    }
    return this.#take(0, count);
  }

  #take(place: number, count: number): Waiting[] {
    const taken = this.#entries.splice(place, count);
    for (const { size, pixels } of taken) {
      this.#images -= size;
      this.#pixels -= pixels;
    }
    return taken;
  }
}
