import { unmet } from '../core/errors.js';

/** What one request holds of the budget. */
export interface Holding {
  /** @throws TenfoldError `unavailable` where all requests together would hold more than the budget. */
  add(count: number): void;
  /** Gives back all of it; nothing may be added afterwards. */
  release(): void;
}

/**
 * What all requests under way may hold together: of decoded pixels, since small files decode to large pictures, and a queue that
 * refuses them does so only once they are decoded; of bytes received, since each of many connections may bring a large body. One request
 * alone may hold more.
 */
export class Budget {
  #held = 0;

  constructor(
    readonly most: number,
    readonly unit: 'pixels' | 'bytes',
  ) {}

  get held(): number {
    return this.#held;
  }

  open(): Holding {
    let own = 0;
    return {
      add: (count) => {
        if (this.#held > own && this.#held + count > this.most) throw this.#exhausted();
        own += count;
        this.#held += count;
      },
      release: () => {
        this.#held -= own;
        own = 0;
      },
    };
  }

  /** Has work hold some of it, all of which is given back when the work is over, however it ends. */
  async lend<Result>(work: (holding: Holding) => Promise<Result>): Promise<Result> {
    const holding = this.open();
    try {
      return await work(holding);
    } finally {
      holding.release();
    }
  }

  #exhausted() {
    return unmet({
      code: 'unavailable',
      what: 'the requests under way',
      expected: `at most ${this.most} ${this.unit} in all`,
      got: 'more',
      advice: 'Try again in a moment, or send less at once.',
    });
  }
}
