export interface ScheduleSettings {
  /** The highest rate that the schedule reaches. */
  learningRate: number;
  /** Share of the steps in which a one-cycle schedule climbs, 0 to 1. */
  warmup: number;
}

export type ScheduleName = 'constant' | 'one-cycle';

/** A one-cycle schedule starts at its highest rate divided by this (PyTorch's `div_factor`). */
const START_DIVISOR = 25;
/** And ends at its start divided by this (PyTorch's `final_div_factor`). */
const END_DIVISOR = 1e4;

const cosine = (from: number, to: number, share: number) =>
  to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;

/** The learning rate of a step, by its place in the run: 0 at the first step, 1 at the last. */
export const SCHEDULES: { [N in ScheduleName]: (progress: number, settings: ScheduleSettings) => number } = {
  constant: (_progress, { learningRate }) => learningRate,
  // Smith 2018, with cosines for both ways, as PyTorch's OneCycleLR.
  'one-cycle': (progress, { learningRate, warmup }) => {
    const start = learningRate / START_DIVISOR;
    return progress < warmup
      ? cosine(start, learningRate, progress / warmup)
      : cosine(learningRate, start / END_DIVISOR, (progress - warmup) / (1 - warmup));
  },
};
