export interface ScheduleSettings {
  /** The highest rate that the schedule reaches. */
  learningRate: number;
  /** Share of the run in which the rate climbs to the highest, 0 to below 1; under every schedule, `constant` too. */
  warmup: number;
  /** What the rate is multiplied by every `decayEpochs` epochs, above 0 to 1. */
  decayFactor: number;
  /** In how many epochs the rate falls by `decayFactor`, above 0. */
  decayEpochs: number;
}

export type ScheduleName = 'constant' | 'step' | 'exponential' | 'cosine' | 'one-cycle';

/** A step's place in the run. */
export interface Place {
  /** 0 at the first step, 1 at the last. */
  progress: number;
  /** Epochs done before it, with their fraction: 0.5 in the middle of the first. */
  epoch: number;
}

interface Schedule {
  /** The settings that it uses. */
  uses: readonly (keyof ScheduleSettings)[];
  /** Whether its rates, once warmed up, are spread over the whole run: those of a longer one are others from the first step. */
  spansRun: boolean;
  rate(place: Place, settings: ScheduleSettings): number;
}

/** A climb starts at its highest rate divided by this (PyTorch's `div_factor` of OneCycleLR). */
const START_DIVISOR = 25;
/** One-cycle ends at its start divided by this (PyTorch's `final_div_factor`). */
const END_DIVISOR = 1e4;

const cosine = (from: number, to: number, share: number) =>
  to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;

/** Climbs on a straight line as long as the warm-up lasts; from then on `fall` has the rest of the run as its whole. */
const afterClimb =
  (fall: Schedule['rate']): Schedule['rate'] =>
  ({ progress, epoch }, settings) => {
    const { learningRate, warmup } = settings;
    if (progress >= warmup) {
      return fall({ progress: (progress - warmup) / (1 - warmup), epoch }, settings);
    }
    const start = learningRate / START_DIVISOR;
    return start + (learningRate - start) * (progress / warmup);
  };

/** The learning rate of a step, by its place in the run. */
export const SCHEDULES: { [N in ScheduleName]: Schedule } = {
  constant: {
    uses: ['learningRate', 'warmup'],
    spansRun: false,
    rate: afterClimb((_place, { learningRate }) => learningRate),
  },
  // PyTorch's StepLR; epochs count from the first of the run, whatever the warm-up.
  step: {
    uses: ['learningRate', 'warmup', 'decayFactor', 'decayEpochs'],
    spansRun: false,
    rate: afterClimb(
      ({ epoch }, { learningRate, decayFactor, decayEpochs }) =>
        learningRate * decayFactor ** Math.floor(epoch / decayEpochs),
    ),
  },
  // Keras's ExponentialDecay, falling with every step; at the beginning of each epoch it is PyTorch's ExponentialLR.
  exponential: {
    uses: ['learningRate', 'warmup', 'decayFactor', 'decayEpochs'],
    spansRun: false,
    rate: afterClimb(
      ({ epoch }, { learningRate, decayFactor, decayEpochs }) =>
        learningRate * decayFactor ** (epoch / decayEpochs),
    ),
  },
  // Loshchilov and Hutter 2017 without restarts, as PyTorch's CosineAnnealingLR: to 0 at the last step.
  cosine: {
    uses: ['learningRate', 'warmup'],
    spansRun: true,
    rate: afterClimb(({ progress }, { learningRate }) => cosine(learningRate, 0, progress)),
  },
  // Smith 2018, with cosines for both ways, as PyTorch's OneCycleLR.
  'one-cycle': {
    uses: ['learningRate', 'warmup'],
    spansRun: true,
    rate: ({ progress }, { learningRate, warmup }) => {
      const start = learningRate / START_DIVISOR;
      return progress < warmup
        ? cosine(start, learningRate, progress / warmup)
        : cosine(learningRate, start / END_DIVISOR, (progress - warmup) / (1 - warmup));
    },
  },
};

/** Whether the rate of a step depends on how long the run is. */
export const spansRun = ({ schedule, warmup }: ScheduleSettings & { schedule: ScheduleName }): boolean =>
  warmup > 0 || SCHEDULES[schedule].spansRun;

export interface Length {
  epochs: number;
  stepsPerEpoch: number;
}

/** The learning rate of a step, 0 for the first of the run. */
export function learningRateAt(
  step: number,
  { epochs, stepsPerEpoch }: Length,
  settings: ScheduleSettings & { schedule: ScheduleName },
): number {
  const lastStep = Math.max(1, epochs * stepsPerEpoch - 1);
  const place = { progress: step / lastStep, epoch: step / stepsPerEpoch };
  return SCHEDULES[settings.schedule].rate(place, settings);
}
