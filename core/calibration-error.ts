/** Bins of equal width that confidences are sorted into, as in most published figures. */
const BINS = 15;

/**
 * Expected calibration error, 0 to 1 (Guo and others 2017, equation 3): images are sorted by confidence into bins (0, 1/15],
 * (1/15, 2/15], ...; the distance between mean confidence and accuracy of each, averaged by their images.
 * @param labels the true digits, `[images]`
 * @param confidences the probability of each prediction, 0 to 1
 * @throws RangeError where the three differ in length
 */
export function calibrationError(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  confidences: ArrayLike<number>,
): number {
  const images = labels.length;
  if (predictions.length !== images || confidences.length !== images) {
    throw new RangeError(
      `predictions and confidences must number ${images}, got: ${predictions.length}, ${confidences.length}`,
    );
  }
  // Of each bin: its confidences less the images that are right. A bin's images cancel out of the weighted mean.
  const excess = new Float64Array(BINS);
  for (let image = 0; image < images; image++) {
    const confidence = confidences[image]!;
    const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1));
    excess[bin]! += confidence - (predictions[image] === labels[image] ? 1 : 0);
  }
  return images === 0 ? 0 : excess.reduce((sum, value) => sum + Math.abs(value), 0) / images;
}
