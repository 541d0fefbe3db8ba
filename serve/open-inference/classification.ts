/** What a value is told with: `std::to_string` of a float, as Triton's. */
const DECIMALS = 6;

export interface Rows {
  /** `[rows, classes]` */
  values: Float32Array;
  rows: number;
  /** The text of each class. */
  labels: readonly string[];
}

/** The highest values of each row, highest first, as `value:index:label`: `[rows, count]`. */
export function classify({ values, rows, labels }: Rows, count: number): string[] {
  const classes = values.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const scores = values.subarray(row * classes, (row + 1) * classes);
    return Array.from(scores.keys())
      .sort((a, b) => scores[b]! - scores[a]!)
      .slice(0, count)
      .map((index) => `${scores[index]!.toFixed(DECIMALS)}:${index}:${labels[index]}`);
  }).flat();
}
