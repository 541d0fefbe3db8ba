import type { RandomStream } from '../random.js';

/** Uniform from `low` to `high`. */
export const between = (random: RandomStream, low: number, high: number): number =>
  low + (high - low) * random.next();

export const oneOf = <T>(random: RandomStream, values: readonly T[]): T =>
  values[random.integer(values.length)]!;

/** A whole number from `low` to `high`, both included. */
export const wholeBetween = (random: RandomStream, low: number, high: number): number =>
  low + random.integer(high - low + 1);
