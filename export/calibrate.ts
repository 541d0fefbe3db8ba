import { calibrationError } from '../core/calibration-error.js';
import { CLASS_COUNT } from '../core/image.js';
import type { CalibrationFit, Manifest } from '../core/manifest.js';
import { scaledSoftmax } from '../core/predict.js';
import { REJECTION_SCORES, type RejectionScore } from '../core/rejection.js';

type Calibration = Manifest['calibration'];

/** What a network says of images, and what they show. */
export interface LabelledLogits {
  /** `[images, 10]` */
  logits: Float32Array;
  /** `[images]`, 0 to 9. */
  labels: ArrayLike<number>;
}

/** Nothing is scaled and nothing refused. */
export const UNCALIBRATED: Calibration = {
  temperature: 1,
  rejection: { score: 'confidence', threshold: 0 },
  fit: null,
};

/** Of those in {@link REJECTION_SCORES} the one that tells outliers from digits best; ARCHITECTURE.md has the figures. */
const SCORE: RejectionScore = 'max-logit';

/** Clean digits may be refused up to this share, with this certainty. */
const REFUSED_SHARE = 0.005;
const CERTAINTY = 0.95;

/**
 * Fits temperature and threshold on images that the network was not trained on, and measures what they do on the test set.
 */
export function calibrate(validation: LabelledLogits, test: LabelledLogits): Calibration {
  const temperature = fitTemperature(validation);
  const threshold = acceptanceThreshold(scoresOf(validation, SCORE, temperature));
  const rejection = { score: SCORE, threshold };
  return {
    temperature,
    rejection,
    fit: {
      validationImages: validation.labels.length,
      ...measureCalibration({ temperature, rejection }, test),
    },
  };
}

const scoresOf = ({ logits }: LabelledLogits, score: RejectionScore, temperature: number): number[] =>
  rowsOf(logits).map((row) => REJECTION_SCORES[score].of(row, temperature));

/** What a calibration does on test images. */
export function measureCalibration(
  { temperature, rejection }: Pick<Calibration, 'temperature' | 'rejection'>,
  test: LabelledLogits,
): Pick<CalibrationFit, 'testCalibrationError' | 'testRefusedShare'> {
  const scores = scoresOf(test, rejection.score, temperature);
  const refused = scores.filter((score) => !(score >= rejection.threshold)).length;
  return {
    testCalibrationError: { before: errorAt(1, test), after: errorAt(temperature, test) },
    testRefusedShare: refused / test.labels.length,
  };
}

/** Expected calibration error of the probabilities at a temperature. */
function errorAt(temperature: number, { logits, labels }: LabelledLogits): number {
  const probabilities = rowsOf(logits).map((row) => scaledSoftmax(row, temperature));
  const confidences = probabilities.map((row) => Math.max(...row));
  const digits = probabilities.map((row, image) => row.indexOf(confidences[image]!));
  return calibrationError(labels, digits, confidences);
}

/** What a fitted temperature may be: images that are all right would have it 0, others without an answer none at all. */
const TEMPERATURES = { least: 0.05, most: 20 };

/** Newton's steps; bisection alone would need some 50. */
const MOST_STEPS = 60;

/**
 * The temperature that gives the images the highest likelihood (Guo and others 2017, "On calibration of modern neural networks",
 * section 4.2), 0.05 to 20. The mean cross-entropy is convex in the temperature's inverse, where its derivative has its only root: found
 * by Newton's method, by bisection where that would leave the bracket.
 */
export function fitTemperature({ logits, labels }: LabelledLogits): number {
  const rows = rowsOf(logits);
  let [low, high] = [1 / TEMPERATURES.most, 1 / TEMPERATURES.least];
  const derivatives = (inverse: number) => {
    let [slope, curvature] = [0, 0];
    rows.forEach((row, image) => {
      const probabilities = scaledSoftmax(row, 1 / inverse);
      const mean = probabilities.reduce((sum, share, digit) => sum + share * row[digit]!, 0);
      slope += mean - row[labels[image]!]!;
      curvature += probabilities.reduce((sum, share, digit) => sum + share * (row[digit]! - mean) ** 2, 0);
    });
    return { slope, curvature };
  };
  let inverse = 1;
  for (let step = 0; step < MOST_STEPS && high - low > 1e-12; step++) {
    const { slope, curvature } = derivatives(inverse);
    if (slope < 0) low = inverse;
    else high = inverse;
    const newton = inverse - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - inverse) < 1e-12) break;
    inverse = next;
  }
  return 1 / inverse;
}

/**
 * The score from which pictures are accepted: as high as leaves, with 95% certainty, at most 0.5% of the digits below it that are
 * like these. A threshold at 0.5% of these very digits would refuse more of others every second time.
 * @param scores of digits that were not trained on
 * @returns the least score where there are fewer than 947 digits: so few do not allow for a refusal
 */
export function acceptanceThreshold(scores: readonly number[]): number {
  return scores.toSorted((a, b) => a - b)[refusable(scores.length)]!;
}

/**
 * How many of so many digits may be refused: the most that would be seen with a probability of at most 5% if 0.5% of all were to be
 * refused (a distribution-free tolerance limit: Wilks 1941, "Determination of sample sizes for setting tolerance limits"); none where even
 * that is likelier.
 */
function refusable(digits: number): number {
  // In logarithms: the first of these probabilities is too small for a number from some 149,000 digits on.
  let logProbability = digits * Math.log1p(-REFUSED_SHARE);
  let cumulated = Math.exp(logProbability);
  let count = 0;
  while (cumulated <= 1 - CERTAINTY) {
    logProbability += Math.log(((digits - count) / (count + 1)) * (REFUSED_SHARE / (1 - REFUSED_SHARE)));
    count++;
    cumulated += Math.exp(logProbability);
  }
  // The last one was one too many.
  return Math.max(0, count - 1);
}

function rowsOf(logits: Float32Array): Float32Array[] {
  return Array.from({ length: logits.length / CLASS_COUNT }, (_, row) =>
    logits.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT),
  );
}
