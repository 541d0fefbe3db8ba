/**
 * The area under the ROC curve, 0 to 1: how probable it is that one of `positives` scores above one of `negatives`, an equal score
 * counting half (Mann and Whitney's U over its largest value; Hanley and McNeil 1982). 0.5 is chance.
 * @throws RangeError where either is empty or holds NaN, which is neither above nor below
 */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  if (positives.length === 0 || negatives.length === 0) {
    throw new RangeError(`both must hold scores, got: ${positives.length}, ${negatives.length}`);
  }
  const scores = [
    ...positives.map((score) => ({ score, isPositive: true })),
    ...negatives.map((score) => ({ score, isPositive: false })),
  ];
  if (scores.some(({ score }) => Number.isNaN(score))) throw new RangeError('a score is NaN');
  scores.sort((a, b) => (a.score < b.score ? -1 : a.score > b.score ? 1 : 0));
  let below = 0;
  let wins = 0;
  for (let start = 0; start < scores.length; ) {
    let end = start;
    while (end < scores.length && scores[end]!.score === scores[start]!.score) end++;
    const equal = scores.slice(start, end);
    const winners = equal.filter(({ isPositive }) => isPositive).length;
    wins += winners * (below + (equal.length - winners) / 2);
    below += equal.length - winners;
    start = end;
  }
  return wins / (positives.length * negatives.length);
}
