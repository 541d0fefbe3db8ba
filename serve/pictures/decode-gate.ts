import { unmet } from '../../core/errors.js';

/** libuv's threads, which do it: more at once would wait within it, where nobody can refuse them. */
const AT_ONCE = 4;
/** Pixels of a picture that counts by its place alone: it waits for no larger ones, and four of them are some 80 MB while they are decoded. */
const LIGHT_PIXELS = 1_000_000;

/**
 * Decodes something of a request once it is its turn.
 * @param pixels what it decodes to, by its header; 0 for what is no picture
 */
export type Turn = <Result>(pixels: number, decode: () => Promise<Result>) => Promise<Result>;

/** What waits for its turn. */
interface Waiting {
  pixels: number;
  begin: () => void;
}

/**
 * Lets so many pictures be decoded, or bodies decompressed, at once, and so many pixels of large pictures, one of which alone may have
 * more. The others wait their turn, oldest first, and not for longer than they may; what is light goes past what waits for room for its pixels.
 */
export class DecodeGate {
  #busy = 0;
  #pixels = 0;
  readonly #waiting: Waiting[] = [];

  /**
   * @param mostMilliseconds how long all that is of one request may wait, together
   * @param mostPixels that are being decoded at once
   */
  constructor(
    readonly mostMilliseconds: number,
    readonly mostPixels = Number.POSITIVE_INFINITY,
  ) {}

  /**
   * The turns of one request, each of which begins when the one before is over.
   * @param signal aborted where nobody waits for the request any more
   * @returns what throws TenfoldError `unavailable` where a turn came too late, and the signal's reason where it was aborted; nothing is
   * decoded then.
   */
  open(signal: AbortSignal): Turn {
    let left = this.mostMilliseconds;
    return async (size, decode) => {
      const pixels = size > LIGHT_PIXELS ? size : 0;
      const arrived = performance.now();
      await new Promise<void>((begin) => {
        this.#waiting.push({ pixels, begin });
        this.#admit();
      });
      try {
        signal.throwIfAborted();
        left -= performance.now() - arrived;
        if (left < 0) throw late(this.mostMilliseconds);
        return await decode();
      } finally {
        this.#busy--;
        this.#pixels -= pixels;
        this.#admit();
      }
    };
  }

  /** Whoever waited longest begins first; a large picture that there is no room for is passed by light ones alone. */
  #admit(): void {
    let isBlocked = false;
    for (let place = 0; place < this.#waiting.length && this.#busy < AT_ONCE; ) {
      const { pixels, begin } = this.#waiting[place]!;
      isBlocked ||= this.#pixels > 0 && this.#pixels + pixels > this.mostPixels;
      if (isBlocked && pixels > 0) {
        place++;
        continue;
      }
      this.#waiting.splice(place, 1);
      this.#busy++;
      this.#pixels += pixels;
      begin();
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
