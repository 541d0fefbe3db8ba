import { CLASS_COUNT, INPUT_LENGTH } from '../../core/image.js';
import type { Manifest } from '../../core/manifest.js';
import type { Runner } from '../../core/predict.js';

/** Of a model that refuses what it is less sure of. */
export const acceptedFrom = (threshold: number): Manifest['calibration'] => ({
  temperature: 1,
  rejection: { score: 'confidence', threshold },
  fit: null,
});
/** Under which everything is accepted. */
export const calibration = acceptedFrom(0);

/**
 * As sure of every piece as of any other, so that the pieces' shapes alone decide; the digit tells how wide it is.
 * @param logit of what is read, the others having 0: by 9 it is sure, by 1 it is not.
 */
export function widthReader(logit = 9) {
  const inputs: number[] = [];
  const runner: Runner = {
    async run(input, batch) {
      inputs.push(batch);
      const logits = new Float32Array(batch * CLASS_COUNT);
      for (let row = 0; row < batch; row++) {
        const image = input.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
        const columns = new Set<number>();
        image.forEach((value, index) => {
          if (value > 0.5) columns.add(index % 28);
        });
        logits[row * CLASS_COUNT + (columns.size > 8 ? 7 : 1)] = logit;
      }
      return { logits, probabilities: logits };
    },
  };
  return { inputs, runner };
}
