import { unmet } from '../../core/errors.js';

/** libuv's threads, which do it: more at once would wait within it, where nobody can refuse them. */
const AT_ONCE = 4;

/** Lets so many pictures be decoded, or bodies decompressed, at once; the others wait their turn, oldest first, and not for longer than they may. */
export class DecodeGate {
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param mostMilliseconds how long one may wait for its turn */
  constructor(readonly mostMilliseconds: number) {}

  /** @throws TenfoldError `unavailable` where its turn came too late; it is not decoded then. */
  async run<Result>(decode: () => Promise<Result>): Promise<Result> {
    const arrived = performance.now();
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy++;
    try {
      if (performance.now() - arrived > this.mostMilliseconds) throw late(this.mostMilliseconds);
      return await decode();
    } finally {
      // The place goes to who waited longest.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy--;
    }
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
