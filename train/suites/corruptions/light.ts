import { INPUT_SIDE } from '../../../core/image.js';
import { type Corruption, clipped } from './corruption.js';

/** Severity 5. */
const BRIGHTER = 0.5;
/** Columns from either side. */
const STRIPE_PIXELS = INPUT_SIDE / 4;

/** The original goes through HSV and back, which for grey adds to the value and no more. */
export const brightness: Corruption = {
  summary: `${BRIGHTER} brighter`,
  corrupt: (digit) => digit.map((value) => clipped(value + BRIGHTER)),
};

export const stripe: Corruption = {
  summary: `inverted but for a stripe of ${INPUT_SIDE - 2 * STRIPE_PIXELS} pixels down the middle`,
  corrupt: (digit) =>
    digit.map((value, pixel) => {
      const column = pixel % INPUT_SIDE;
      return column < STRIPE_PIXELS || column >= INPUT_SIDE - STRIPE_PIXELS ? 1 - value : value;
    }),
};
