import { unmet } from '../../core/errors.js';

/** libuv's threads, which do it: more at once would wait within it, where nobody can refuse them. */
const AT_ONCE = 4;

/** Decodes something of a request once it is its turn. */
export type Turn = <Result>(decode: () => Promise<Result>) => Promise<Result>;

/** Lets so many pictures be decoded, or bodies decompressed, at once; the others wait their turn, oldest first, and not for longer than they may. */
export class DecodeGate {
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param mostMilliseconds how long all that is of one request may wait, together */
  constructor(readonly mostMilliseconds: number) {}

  /**
   * The turns of one request, each of which begins when the one before is over.
   * @param signal aborted where nobody waits for the request any more
   * @returns what throws TenfoldError `unavailable` where a turn came too late, and the signal's reason where it was aborted; nothing is
   * decoded then.
   */
  open(signal: AbortSignal): Turn {
    let left = this.mostMilliseconds;
    return async (decode) => {
      const arrived = performance.now();
      if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      else this.#busy++;
      try {
        signal.throwIfAborted();
        left -= performance.now() - arrived;
        if (left < 0) throw late(this.mostMilliseconds);
        return await decode();
      } finally {
        // The place goes to who waited longest.
        const next = this.#waiting.shift();
        if (next) next();
        else this.#busy--;
      }
    };
  }
}

const late = (milliseconds: number) =>
  unmet({
    code: 'unavailable',
    what: 'decoding',
    expected: `a turn within ${milliseconds} ms`,
    got: 'none in time',
    advice: 'Try again in a moment, or send less at once.',
  });
