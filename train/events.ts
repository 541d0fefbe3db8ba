import type { RunMetrics } from '../core/run.js';

/** What the fit loop tells while it runs, in the order of a run; epochs and steps count from 1. */
export interface FitEvents {
  start: {
    recipe: string;
    backend: string;
    device: string;
    /** Weights of the model, trainable or not. */
    parameters: number;
    epochs: number;
    stepsPerEpoch: number;
    batchSize: number;
  };
  step: {
    epoch: number;
    /** Within the epoch, 1 to `stepsPerEpoch`. */
    step: number;
    /** Mean over the batch. */
    loss: number;
    /** Share of the batch, 0 to 1. */
    accuracy: number;
    learningRate: number;
    /** Time of this step alone. */
    milliseconds: number;
  };
  evaluate: {
    epoch: number;
    step: number;
    split: 'train' | 'validation' | 'test';
    loss: number;
    /** 0 to 1. */
    accuracy: number;
  };
  epoch: {
    epoch: number;
    /** Means over the epoch's images, each as it was trained on and before the update by it; so is the accuracy. */
    trainLoss: number;
    trainAccuracy: number;
    validationLoss?: number;
    validationAccuracy?: number;
    /** Where the test set was measured after the epoch. */
    testLoss?: number;
    testAccuracy?: number;
    /**
     * Share of each digit's images classified correctly, `[10]`, of the validation images, else of the test set where that was
     * measured; undefined for a digit without images.
     */
    classAccuracy?: (number | undefined)[];
    /** That of the epoch's last step. */
    learningRate: number;
    /** Images a second of training steps, without evaluations. */
    imagesPerSecond: number;
    /** Time of the epoch, evaluations included. */
    seconds: number;
  };
  saved: { epoch: number; folder: string };
  end: RunMetrics;
}

export type FitEventType = keyof FitEvents;

/** One event, told apart by `type`. */
export type FitEvent<Type extends FitEventType = FitEventType> = {
  [T in Type]: { type: T } & FitEvents[T];
}[Type];
