import type { NamedTensor } from './tensors.js';

/** The epoch with the least validation loss so far. */
export interface BestEpoch {
  /** Counts from 1. */
  epoch: number;
  validationLoss: number;
}

/** That epoch with the weights that it ended with. */
export interface BestWeights extends BestEpoch {
  tensors: NamedTensor[];
}

/** Equal is not better: the earlier epoch stays. */
export const isBetter = (validationLoss: number, best: BestEpoch | null): boolean =>
  best === null || validationLoss < best.validationLoss;

/** Whether as many epochs as `patience` have gone by since the best one; never with a patience of 0. */
export const isPatienceSpent = (epochsDone: number, best: BestEpoch | null, patience: number): boolean =>
  patience > 0 && best !== null && epochsDone - best.epoch >= patience;
