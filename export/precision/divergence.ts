import { CLASS_COUNT } from '../../core/image.js';
import { scaledSoftmax } from '../../core/predict.js';

/**
 * How much one network's probabilities differ from another's: the mean Kullback-Leibler divergence over images, nats. Finer than counting
 * digits that come out otherwise, of which there are few, and it needs no labels.
 * @param expected logits `[images, 10]`, and so `given`
 * @param temperature by which both are divided
 */
export function meanDivergence(expected: Float32Array, given: Float32Array, temperature: number): number {
  const images = expected.length / CLASS_COUNT;
  let sum = 0;
  for (let start = 0; start < expected.length; start += CLASS_COUNT) {
    const p = scaledSoftmax(expected.subarray(start, start + CLASS_COUNT), temperature);
    const q = scaledSoftmax(given.subarray(start, start + CLASS_COUNT), temperature);
    p.forEach((share, digit) => {
      if (share > 0) sum += share * Math.log(share / Math.max(q[digit]!, Number.MIN_VALUE));
    });
  }
  return sum / images;
}
