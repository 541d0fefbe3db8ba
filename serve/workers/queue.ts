import { unmet } from '../../core/errors.js';
import type { RgbaImage } from '../../core/image.js';
import { BATCH_IMAGES, BATCH_PIXELS, type Limits } from '../limits.js';
import type { Digits } from './worker-protocol.js';

export type QueueLimits = Pick<Limits, 'queuedImages' | 'queuedPixels'>;

const pixelsOf = (images: readonly RgbaImage[]): number =>
  images.reduce((sum, { width, height }) => sum + width * height, 0);

/** Requests that wait, oldest first, bounded by pictures and by pixels. */
export class Queue<Entry extends { images: RgbaImage[]; digits: Digits }> {
  readonly #entries: Entry[] = [];
  #images = 0;
  #pixels = 0;

  constructor(readonly limits: QueueLimits) {}

  /** Requests, not pictures. */
  get length(): number {
    return this.#entries.length;
  }

  /** @throws TenfoldError `unavailable` where the queue is full; an empty queue takes any one request. */
  add(entry: Entry): void {
    const images = this.#images + entry.images.length;
    const pixels = this.#pixels + pixelsOf(entry.images);
    const full = images > this.limits.queuedImages || pixels > this.limits.queuedPixels;
    if (full && this.#entries.length > 0) {
      throw unmet({
        code: 'unavailable',
        what: 'the queue',
        expected: `room for ${entry.images.length} more`,
        got: `${this.#images} pictures that wait already`,
        advice: 'Try again in a moment, or send less at once.',
      });
    }
    this.#entries.push(entry);
    this.#images = images;
    this.#pixels = pixels;
  }

  /**
   * Removes whole requests, oldest first, as many as make one batch; one at least, unless none waits. Numbers are a
   * batch request by request: each of their pictures is some hundred inputs.
   */
  takeBatch(): Entry[] {
    let count = 0;
    let images = 0;
    let pixels = 0;
    for (const entry of this.#entries) {
      const more = pixelsOf(entry.images);
      const fits = images + entry.images.length <= BATCH_IMAGES && pixels + more <= BATCH_PIXELS;
      const alike = entry.digits === 'one' && this.#entries[0]!.digits === 'one';
      if (count > 0 && !(fits && alike)) break;
      count++;
      images += entry.images.length;
      pixels += more;
    }
    this.#images -= images;
    this.#pixels -= pixels;
    return this.#entries.splice(0, count);
  }
}
