import { CLASS_COUNT } from '../../core/image.js';

/** One of the ten digits that are asked, done with. */
export interface Round {
  asked: number;
  /** What the model read last; null where it read nothing, or no digit. */
  read: number | null;
  /** From the question to the answer, milliseconds. */
  milliseconds: number;
  /** What the model saw last, `[28, 28]`; null where nothing was drawn. */
  input: Float32Array | null;
}

/** The ten digits in any order, each once. @param random 0 to 1, without 1 */
export function askedDigits(random: () => number): number[] {
  const digits = Array.from({ length: CLASS_COUNT }, (_, digit) => digit);
  // Fisher and Yates's shuffle.
  for (let last = digits.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [digits[last], digits[other]] = [digits[other]!, digits[last]!];
  }
  return digits;
}

export const wasRead = ({ asked, read }: Round): boolean => asked === read;

/** What to say of a game that is over. */
export function summary(rounds: readonly Round[]): string {
  const read = rounds.filter(wasRead).length;
  const seconds = rounds.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  const pace = `${seconds.toFixed(1)} seconds, ${(seconds / rounds.length).toFixed(1)} a digit.`;
  if (read === rounds.length) return `All ${read} read, in ${pace}`;
  return `${read} of ${rounds.length} read, in ${pace}`;
}
