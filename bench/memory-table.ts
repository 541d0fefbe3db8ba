import { mebibytes } from './train-table.js';

/** After the first epoch everything has been compiled once; from there on memory is not to grow. */
export const FIRST_EPOCH = 2;

/** Share by which memory may grow from {@link FIRST_EPOCH} to the last epoch. */
export const MOST_GROWTH = 0.03;

/** The growth from {@link FIRST_EPOCH} to the last epoch, as a share; negative where memory shrank. */
export function growth(bytesByEpoch: readonly number[]): number {
  const first = bytesByEpoch[FIRST_EPOCH - 1];
  const last = bytesByEpoch.at(-1);
  if (first === undefined || last === undefined) {
    throw new RangeError(`growth needs ${FIRST_EPOCH} epochs at least, got: ${bytesByEpoch.length}`);
  }
  return last / first - 1;
}

/** A markdown table of the highest resident memory of each epoch, from epoch 1 on, and what came of it. */
export function memoryTable(network: string, bytesByEpoch: readonly number[]): string {
  const share = growth(bytesByEpoch);
  const sign = share < 0 ? '' : '+';
  const verdict = share <= MOST_GROWTH ? 'within' : 'MORE THAN';
  return [
    `| ${network}, epoch | highest resident memory |`,
    '| --: | --: |',
    ...bytesByEpoch.map((bytes, index) => `| ${index + 1} | ${mebibytes(bytes)} |`),
    '',
    `From epoch ${FIRST_EPOCH} to ${bytesByEpoch.length}: ${sign}${(100 * share).toFixed(1)}%, ` +
      `${verdict} the ${(100 * MOST_GROWTH).toFixed(0)}% allowed.`,
  ].join('\n');
}
