import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LabelledImages } from '../dataset/mnist.js';
import type { Evaluation } from '../evaluate.js';
import type { FitEvent, FitEvents } from '../events.js';
import type { LoopEvent } from '../fit.js';
import { digitPictures } from './digits.js';
import { openEventFile } from './event-file.js';
import type { SummaryValue } from './events.js';
import { encodeGraph, graphNodes } from './graph.js';

/** A run of TensorBoard's each, so that it draws the same measure of all of them into one chart, as Keras has it. */
export const SPLITS = ['train', 'validation', 'test'] as const satisfies FitEvents['evaluate']['split'][];
type Split = (typeof SPLITS)[number];

export interface EventLogOptions {
  /** Gets a folder for each split that something is told of. */
  folder: string;
  model: LayersModel;
  /** Steps of the run that were saved, and are gone on from; without it the log begins anew. */
  stepsDone: number | undefined;
  stepsPerEpoch: number;
}

/** A run as TensorBoard shows it. */
export interface EventLog {
  /** Keeps what an event tells until the next flush: some microseconds. */
  record(event: LoopEvent): void;
  /** Writes what was kept. */
  flush(): Promise<void>;
  /** Writes what the run comes to on the test set: its loss and accuracy, digits read rightly and wrongly. */
  finish(measured: Evaluation, test: LabelledImages): Promise<void>;
}

type Scalars = { [S in Split]?: Record<string, number | undefined> };

/**
 * The scalars that an event tells of each split. Tags in `step` are measured after a step, those in `epoch` after an epoch;
 * both lie over the number of training steps, so that one page shows them side by side.
 */
const SCALARS: { [Type in LoopEvent['type']]: (event: FitEvent<Type>) => Scalars } = {
  step: ({ loss, accuracy, learningRate }) => ({
    train: { 'step/loss': loss, 'step/accuracy': accuracy, 'step/learning_rate': learningRate },
  }),
  evaluate: ({ split, loss, accuracy }) => ({ [split]: { 'step/loss': loss, 'step/accuracy': accuracy } }),
  epoch: ({ trainLoss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy }) => ({
    train: ofEpoch(trainLoss, trainAccuracy),
    validation: ofEpoch(validationLoss, validationAccuracy),
    test: ofEpoch(testLoss, testAccuracy),
  }),
};

const ofEpoch = (loss: number | undefined, accuracy: number | undefined) => ({
  'epoch/loss': loss,
  'epoch/accuracy': accuracy,
});

const summaryOf = (scalars: Record<string, number | undefined>): SummaryValue[] =>
  Object.entries(scalars).flatMap(([tag, scalar]) => (scalar === undefined ? [] : [{ tag, scalar }]));

/**
 * Opens a run's event files, one a split.
 * @throws TenfoldError `failed` where they cannot be written.
 */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const { folder, model, stepsDone, stepsPerEpoch } = options;
  const open = (split: Split) => openEventFile(join(folder, split), stepsDone !== undefined);
  const files = {
    train: await open('train'),
    validation: await open('validation'),
    test: await open('test'),
  } satisfies { [S in Split]: unknown };
  if (files.train.isFirst) files.train.append(0, 'graph', encodeGraph(graphNodes(model)));
  let step = stepsDone ?? 0;
  const flush = async () => {
    for (const split of SPLITS) await files[split].flush();
  };
  return {
    record(event) {
      if (event.type === 'step') step = (event.epoch - 1) * stepsPerEpoch + event.step;
      // The table has one entry a type; TypeScript cannot see that the entry looked up is the event's own.
      const scalars = (SCALARS[event.type] as (event: LoopEvent) => Scalars)(event);
      for (const split of SPLITS) {
        const summary = summaryOf(scalars[split] ?? {});
        if (summary.length > 0) files[split].append(step, 'summary', summary);
      }
    },
    flush,
    async finish(measured, test) {
      files.test.append(step, 'summary', summaryOf(ofEpoch(measured.loss, measured.accuracy)));
      for (const picture of await digitPictures(test, measured))
        files.test.append(step, 'summary', [picture]);
      await flush();
    },
  };
}
