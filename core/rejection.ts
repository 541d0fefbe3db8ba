/** Why a digit that was read is not to be relied on. */
export type RejectedReading = 'low-confidence' | 'unlike-digits';

interface Score {
  /**
   * How much the logits `[10]` of a picture speak for a digit: the higher, the more. No number where they hold NaN.
   * @param temperature as the manifest's
   */
  of(logits: ArrayLike<number>, temperature: number): number;
  /** What a picture is refused for that has too little of it. */
  reason: RejectedReading;
}

/** What a network's answer can be refused by. */
export const REJECTION_SCORES = {
  /** The highest probability, 0 to 1: Hendrycks and Gimpel (2017), "A baseline for detecting misclassified and out-of-distribution examples". */
  confidence: {
    of: (logits, temperature) => Math.exp(highestOf(logits) / temperature - logSumExp(logits, temperature)),
    reason: 'low-confidence',
  },
  /** The highest logit: Hendrycks and others (2022), "Scaling out-of-distribution detection for real-world settings". */
  'max-logit': { of: highestOf, reason: 'unlike-digits' },
  /** The logarithm of the sum of the logits' powers: Liu and others (2020), "Energy-based out-of-distribution detection", equation 4 at T = 1, negated. */
  energy: { of: (logits) => logSumExp(logits, 1), reason: 'unlike-digits' },
} as const satisfies Record<string, Score>;

export type RejectionScore = keyof typeof REJECTION_SCORES;

function highestOf(logits: ArrayLike<number>): number {
  return Math.max(...Array.from(logits));
}

/** The logarithm of the sum of `exp(logit / temperature)`, however large they are. */
function logSumExp(logits: ArrayLike<number>, temperature: number): number {
  const highest = highestOf(logits) / temperature;
  const sum = Array.from(logits).reduce((total, logit) => total + Math.exp(logit / temperature - highest), 0);
  return highest + Math.log(sum);
}
