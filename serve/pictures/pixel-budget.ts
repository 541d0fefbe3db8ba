import { unmet } from '../../core/errors.js';

/** What one request holds of the budget. */
export interface Holding {
  /** @throws TenfoldError `unavailable` where all requests together would hold more than the budget. */
  add(pixels: number): void;
  /** Gives back all of it; nothing may be added afterwards. */
  release(): void;
}

/**
 * The decoded pixels, four bytes each, that all requests under way may hold together, from decoding to the answer: small files
 * decode to large pictures, and a queue that refuses them does so only once they are decoded. One request alone may hold more.
 */
export class PixelBudget {
  #held = 0;

  constructor(readonly most: number) {}

  get held(): number {
    return this.#held;
  }

  open(): Holding {
    let own = 0;
    return {
      add: (pixels) => {
        if (this.#held > own && this.#held + pixels > this.most) throw this.#exhausted();
        own += pixels;
        this.#held += pixels;
      },
      release: () => {
        this.#held -= own;
        own = 0;
      },
    };
  }

  #exhausted() {
    return unmet({
      code: 'unavailable',
      what: 'the requests under way',
      expected: `at most ${this.most} pixels in all`,
      got: 'more',
      advice: 'Try again in a moment, or send less at once.',
    });
  }
}
