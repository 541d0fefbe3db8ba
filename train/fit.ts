import type { LayersModel } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { INPUT_LENGTH } from '../core/image.js';
import { shiftBatch } from './augment/shift.js';
import { type Checkpoint, NO_SUMS } from './checkpoint.js';
import { batchCount, gatherBatch, gatherLabels, shuffledBatches } from './dataset/batches.js';
import type { LabelledImages } from './dataset/mnist.js';
import { type Classifier, classifierOf, evaluate } from './evaluate.js';
import type { FitEvent } from './events.js';
import { buildModel } from './models/architectures.js';
import { randomStream } from './random.js';
import type { ResolvedRecipe } from './recipes/resolve.js';
import { SCHEDULES } from './schedules.js';
import { readTensors, restoreTensors } from './tensors.js';
import { createTrainStep, type TrainStep } from './train-step.js';

export interface Sets {
  train: LabelledImages;
  validation: LabelledImages | null;
  test: LabelledImages;
}

export interface FitOptions {
  recipe: ResolvedRecipe;
  sets: Sets;
  /** `step`: the loss on the whole test set after every step, as experiment A shows it. */
  evaluateEvery: 'step' | 'epoch';
  /** End after so many steps of the run, mid-epoch if need be. */
  maxSteps: number;
  /** Where an interrupted run goes on; null starts anew. */
  checkpoint: Checkpoint | null;
  /** Once aborted, the training ends after the step under way. */
  signal?: AbortSignal | undefined;
}

/** The events that the loop itself knows; whoever runs it adds where and on what. */
export type LoopEvent = FitEvent<'step' | 'evaluate' | 'epoch'>;

/** A network in training. */
export interface Training {
  model: LayersModel;
  classify: Classifier;
  stepsPerEpoch: number;
  /** Trains, telling each step; what has been trained stays in `model`. */
  events(): AsyncGenerator<LoopEvent>;
  /** The state after the last finished step. */
  checkpoint(): Promise<Checkpoint>;
  /** Frees the weights, the optimiser's memory and what was compiled. */
  dispose(): Promise<void>;
}

export async function createTraining(options: FitOptions): Promise<Training> {
  const { recipe, sets, checkpoint } = options;
  const { training, seed } = recipe;
  const model = buildModel(recipe.architecture, recipe.model as never, seed);
  const trainStep = createTrainStep({ ...training, model, settings: training, seed });
  const classify = classifierOf(model);
  const dispose = async () => {
    await trainStep.dispose();
    await classify.dispose();
    model.dispose();
  };
  try {
    if (checkpoint) restoreTensors(model, trainStep.slots, checkpoint.tensors);
  } catch (error) {
    await dispose();
    throw error;
  }
  const progress = {
    step: checkpoint?.step ?? 0,
    trainSeconds: checkpoint?.trainSeconds ?? 0,
    epochSums: { ...NO_SUMS, ...checkpoint?.epochSums },
  };
  return {
    model,
    classify,
    stepsPerEpoch: batchCount({ count: sets.train.count, batchSize: training.batchSize }),
    events: () => fit(options, trainStep, classify, progress),
    checkpoint: async () => ({ ...progress, tensors: await readTensors(model, trainStep.slots) }),
    dispose,
  };
}

async function* fit(
  { recipe, sets, evaluateEvery, maxSteps, signal }: FitOptions,
  trainStep: TrainStep,
  classify: Classifier,
  progress: Omit<Checkpoint, 'tensors'>,
): AsyncGenerator<LoopEvent> {
  const { training, seed } = recipe;
  const { epochs, batchSize, shiftPixels } = training;
  const { train, validation, test } = sets;
  const stepsPerEpoch = batchCount({ count: train.count, batchSize });
  const lastStep = Math.max(1, epochs * stepsPerEpoch - 1);
  const buffer = new Float32Array(batchSize * INPUT_LENGTH);

  while (!signal?.aborted && progress.step < Math.min(maxSteps, epochs * stepsPerEpoch)) {
    const epoch = 1 + Math.floor(progress.step / stepsPerEpoch);
    const first = progress.step % stepsPerEpoch;
    const sums = progress.epochSums;
    const began = performance.now();
    const batches = shuffledBatches({ count: train.count, batchSize, seed, epoch });
    for (const [offset, indices] of batches.slice(first, first + maxSteps - progress.step).entries()) {
      const stepBegan = performance.now();
      const images = gatherBatch(train.images, indices, buffer);
      if (shiftPixels > 0) shiftBatch(images, shiftPixels, randomStream(seed, 'shift', progress.step));
      const learningRate = SCHEDULES[training.schedule](progress.step / lastStep, training);
      const labels = gatherLabels(train.labels, indices);
      const { loss, accuracy } = await trainStep.run(images, labels, learningRate, progress.step + 1);
      const milliseconds = performance.now() - stepBegan;
      requireFinite(loss, progress.step + 1);

      progress.step++;
      progress.trainSeconds += milliseconds / 1000;
      sums.loss += loss * indices.length;
      sums.right += accuracy * indices.length;
      sums.images += indices.length;
      yield { type: 'step', epoch, step: first + offset + 1, loss, accuracy, learningRate, milliseconds };
      if (evaluateEvery === 'step') {
        const { loss: testLoss, accuracy: testAccuracy } = await evaluate(classify, test);
        yield {
          type: 'evaluate',
          epoch,
          step: first + offset + 1,
          split: 'test',
          loss: testLoss,
          accuracy: testAccuracy,
        };
      }
      // An epoch whose last step is done is finished as usual.
      if (signal?.aborted && progress.step % stepsPerEpoch !== 0) {
        sums.seconds += (performance.now() - began) / 1000;
        return;
      }
    }
    const validated = validation && (await evaluate(classify, validation));
    sums.seconds += (performance.now() - began) / 1000;
    if (progress.step % stepsPerEpoch === 0) progress.epochSums = { ...NO_SUMS };
    yield {
      type: 'epoch',
      epoch,
      trainLoss: sums.loss / sums.images,
      trainAccuracy: sums.right / sums.images,
      ...(validated && { validationLoss: validated.loss, validationAccuracy: validated.accuracy }),
      seconds: sums.seconds,
    };
  }
}

function requireFinite(loss: number, step: number): void {
  if (Number.isFinite(loss)) return;
  throw unmet({
    code: 'failed',
    what: `the loss of step ${step}`,
    expected: 'a finite number',
    got: String(loss),
    advice: 'The training diverged: lower the rate by --set learningRate=...',
  });
}
