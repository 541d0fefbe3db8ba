import { unmet } from '../core/errors.js';

/**
 * Whether a batch can be filled at all.
 * @throws TenfoldError `bad-usage` where it holds more images than the training set.
 */
export function requireBatchInSet(batchSize: number, trainImages: number): void {
  if (batchSize <= trainImages) return;
  throw unmet({
    code: 'bad-usage',
    what: 'the batch size',
    expected: `at most ${trainImages}, the number of training images,`,
    got: String(batchSize),
    advice: 'Choose a smaller --batch-size, or set fewer images aside for validation.',
  });
}
