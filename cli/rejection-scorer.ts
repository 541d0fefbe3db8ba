import { CLASS_COUNT, INPUT_LENGTH } from '../core/image.js';
import type { Manifest } from '../core/manifest.js';
import type { Runner } from '../core/predict.js';
import { preprocess } from '../core/preprocess.js';
import { REJECTION_SCORES } from '../core/rejection.js';
import type { Scorer } from '../train/suites/outliers/separation.js';

/** The rejection score that a bundle gives pictures, preprocessing included. */
export function rejectionScorer(runner: Runner, { temperature, rejection }: Manifest['calibration']): Scorer {
  const score = REJECTION_SCORES[rejection.score].of;
  return async (pictures) => {
    const prepared = pictures.map(preprocess);
    const readable = prepared.filter(({ status }) => status === 'ok');
    if (readable.length === 0) return pictures.map(() => Number.NEGATIVE_INFINITY);
    const batch = new Float32Array(readable.length * INPUT_LENGTH);
    readable.forEach(({ input }, row) => {
      batch.set(input, row * INPUT_LENGTH);
    });
    const { logits } = await runner.run(batch, readable.length);
    let row = 0;
    return prepared.map(({ status }) => {
      if (status !== 'ok') return Number.NEGATIVE_INFINITY;
      const start = row++ * CLASS_COUNT;
      return score(logits.subarray(start, start + CLASS_COUNT), temperature);
    });
  };
}
