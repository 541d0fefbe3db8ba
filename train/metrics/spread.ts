/**
 * Mean and standard deviation of a sample (divided by n - 1); the deviation of a single value is null.
 * @throws RangeError where there is no value
 */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number | null } {
  if (values.length === 0) throw new RangeError('a mean needs one value at least');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
