import type { LayersModel } from '@tensorflow/tfjs-layers';
import { NO_AUGMENTATION } from './augment/settings.js';
import { statisticsBatches, statisticsMeter } from './batch-statistics.js';
import { type Checkpoint, NO_SUMS, PREFIXES } from './checkpoint.js';
import { batchCount } from './dataset/batches.js';
import { type Feed, openFeed } from './dataset/feed.js';
import type { LabelledImages } from './dataset/mnist.js';
import type { PrepareSettings } from './dataset/prepare.js';
import { teachingBy } from './distillation.js';
import { requireFinite } from './diverged.js';
import { type BestWeights, isBetter, isPatienceSpent } from './early-stopping.js';
import { type Classifier, classifierOf, type Evaluation, evaluate } from './evaluate.js';
import type { FitEvent } from './events.js';
import { classMetrics } from './metrics/confusion.js';
import { buildModel } from './models/architectures.js';
import type { ResolvedRecipe } from './recipes/resolve.js';
import { learningRateAt } from './schedules.js';
import { firstUnusable, type NamedVariable, readTensors, restoreTensors, weightsOf } from './tensors.js';
import { createTrainStep, type TrainStep } from './train-step.js';

export interface Sets {
  train: LabelledImages;
  validation: LabelledImages | null;
  test: LabelledImages;
}

/**
 * When the whole test set is measured: after the training alone; after every epoch too, as reports do whose validation set it
 * is; or after every step, as experiment A does. Validation images are measured every epoch anyway.
 */
export type EvaluateEvery = 'end' | 'epoch' | 'step';

export interface FitOptions {
  recipe: ResolvedRecipe;
  sets: Sets;
  evaluateEvery: EvaluateEvery;
  /** End after so many steps of the run, mid-epoch if need be. */
  maxSteps: number;
  /** Where an interrupted run goes on; null starts anew. */
  checkpoint: Checkpoint | null;
  /** Networks to learn from beside the labels; whoever loaded them disposes of them. */
  teachers?: readonly LayersModel[];
  /** Once aborted, the training ends after the step under way. */
  signal?: AbortSignal | undefined;
}

/** The events that the loop itself knows; whoever runs it adds where and on what. */
export type LoopEvent = FitEvent<'step' | 'evaluate' | 'epoch'>;

/** A network in training. */
export interface Training {
  /** What is evaluated and saved: the network in training, or one with the moving averages of its weights. */
  model: LayersModel;
  classify: Classifier;
  stepsPerEpoch: number;
  /** Trains, telling each step; what has been trained stays in `model`. */
  events(): AsyncGenerator<LoopEvent>;
  /** The state after the last finished step. */
  checkpoint(): Promise<Checkpoint>;
  /**
   * Gives `model` the weights of the best epoch, where there is one, and says which it is; there is no training after it.
   */
  keepBest(): number | undefined;
  /** Frees the weights, the optimiser's memory and what was compiled. */
  dispose(): Promise<void>;
}

/** What changes while a network is trained, beside its weights. */
interface Progress extends Omit<Checkpoint, 'tensors' | 'best'> {
  best: BestWeights | null;
}

export async function createTraining(options: FitOptions): Promise<Training> {
  const { recipe, sets, checkpoint, teachers = [] } = options;
  const { training, seed } = recipe;
  const build = () => buildModel(recipe.architecture, recipe.model as never, seed);
  const inTraining = build();
  const averages = training.averageDecay > 0 ? build() : null;
  const model = averages ?? inTraining;
  const trainStep = createTrainStep({
    ...training,
    model: inTraining,
    averages,
    settings: training,
    teaching: teachingBy(teachers, training),
    seed,
  });
  const classify = classifierOf(model);
  const stepsPerEpoch = batchCount({ count: sets.train.count, batchSize: training.batchSize });
  const prepared: PrepareSettings = {
    set: sets.train,
    batchSize: training.batchSize,
    seed,
    // A run that was begun before a setting was there goes on without it.
    augmentation: { ...NO_AUGMENTATION, ...training },
    outlierShare: training.outlierShare,
  };
  const feed = openFeed({
    ...prepared,
    firstStep: checkpoint?.step ?? 0,
    steps: Math.min(options.maxSteps, training.epochs * stepsPerEpoch),
  });
  const meter = statisticsMeter(model);
  const dispose = async () => {
    await feed.close();
    await meter.dispose();
    await trainStep.dispose();
    await classify.dispose();
    inTraining.dispose();
    averages?.dispose();
  };
  const variables: NamedVariable[] = [
    ...weightsOf(inTraining),
    ...trainStep.slots.map((slot) => ({ name: slot.name, variable: slot })),
    ...(averages ? weightsOf(averages, PREFIXES.average) : []),
  ];
  const kept = weightsOf(model, PREFIXES.best);
  const bestBefore = checkpoint?.best && {
    ...checkpoint.best,
    tensors: checkpoint.tensors.slice(variables.length),
  };
  try {
    if (checkpoint) restoreTensors(variables, checkpoint.tensors);
  } catch (error) {
    await dispose();
    throw error;
  }
  const progress: Progress = {
    step: checkpoint?.step ?? 0,
    trainSeconds: checkpoint?.trainSeconds ?? 0,
    epochSums: { ...NO_SUMS, ...checkpoint?.epochSums },
    best: bestBefore ?? null,
  };
  return {
    model,
    classify,
    stepsPerEpoch,
    events: () =>
      fit(options, {
        feed,
        trainStep,
        classify,
        measureStatistics: (firstStep, count) => meter.measure(statisticsBatches(prepared, firstStep, count)),
        weights: weightsOf(inTraining),
        kept,
        progress,
      }),
    async checkpoint() {
      const { best, ...rest } = progress;
      const tensors = await readTensors(variables);
      if (!best) return { ...rest, tensors };
      const { tensors: bestTensors, ...epoch } = best;
      return { ...rest, best: epoch, tensors: [...tensors, ...bestTensors] };
    },
    keepBest() {
      if (progress.best) restoreTensors(kept, progress.best.tensors);
      return progress.best?.epoch;
    },
    dispose,
  };
}

interface Loop {
  feed: Feed;
  trainStep: TrainStep;
  classify: Classifier;
  /** Gives the kept network the statistics that its weights have on so many batches of an epoch. */
  measureStatistics(firstStep: number, batches: number): Promise<void>;
  /** The weights in training. */
  weights: NamedVariable[];
  /** Those that are evaluated and saved, under the names that they have as the best. */
  kept: NamedVariable[];
  progress: Progress;
}

async function* fit(
  { recipe, sets, evaluateEvery, maxSteps, signal }: FitOptions,
  { feed, trainStep, classify, measureStatistics, weights, kept, progress }: Loop,
): AsyncGenerator<LoopEvent> {
  const { training } = recipe;
  const { epochs, batchSize, patience } = training;
  const { train, validation, test } = sets;
  const stepsPerEpoch = batchCount({ count: train.count, batchSize });
  const isBetweenEpochs = () => progress.step % stepsPerEpoch === 0;
  const isDone = () => {
    const epochsDone = Math.floor(progress.step / stepsPerEpoch);
    return (
      progress.step >= Math.min(maxSteps, epochs * stepsPerEpoch) ||
      (isBetweenEpochs() && isPatienceSpent(epochsDone, progress.best, patience))
    );
  };

  while (!signal?.aborted && !isDone()) {
    const epoch = 1 + Math.floor(progress.step / stepsPerEpoch);
    const first = progress.step % stepsPerEpoch;
    const sums = progress.epochSums;
    const began = performance.now();
    let learningRate = Number.NaN;
    let tested: Evaluation | null = null;
    const requireUsable = (value: number, what: string) =>
      requireFinite(value, what, { step: progress.step, learningRate, epochsDone: epoch - 1 });
    const measure = async (set: LabelledImages, name: string): Promise<Evaluation> => {
      const evaluation = await evaluate(classify, set);
      requireUsable(evaluation.loss, `the loss on the ${name}`);
      return evaluation;
    };
    // The update by the last batch may be what breaks the weights, and its loss comes before it.
    const requireUsableWeights = async () => requireUsable((await firstUnusable(weights)) ?? 0, 'a weight');
    // Before anything is measured of it: what an epoch ends with is the network that is saved.
    const endEpoch = async () => {
      await requireUsableWeights();
      const batches = Math.min(training.statisticsBatches, stepsPerEpoch);
      if (batches > 0) await measureStatistics(progress.step - stepsPerEpoch, batches);
    };

    for (let step = first + 1; step <= stepsPerEpoch && progress.step < maxSteps; step++) {
      const stepBegan = performance.now();
      const { images, labels } = await feed.next();
      learningRate = learningRateAt(progress.step, { epochs, stepsPerEpoch }, training);
      const { loss, accuracy } = await trainStep.run(images, labels, learningRate, progress.step + 1);
      const milliseconds = performance.now() - stepBegan;

      progress.step++;
      requireUsable(loss, 'the loss');
      progress.trainSeconds += milliseconds / 1000;
      sums.loss += loss * labels.length;
      sums.right += accuracy * labels.length;
      sums.images += labels.length;
      sums.stepSeconds += milliseconds / 1000;
      yield { type: 'step', epoch, step, loss, accuracy, learningRate, milliseconds };
      if (isBetweenEpochs()) await endEpoch();
      if (evaluateEvery === 'step' || (evaluateEvery === 'epoch' && isBetweenEpochs())) {
        tested = await measure(test, 'test set');
        yield { type: 'evaluate', epoch, step, split: 'test', loss: tested.loss, accuracy: tested.accuracy };
      }
      // An epoch whose last step is done is finished as usual.
      if (signal?.aborted && !isBetweenEpochs()) {
        await requireUsableWeights();
        sums.seconds += (performance.now() - began) / 1000;
        return;
      }
    }
    if (!isBetweenEpochs()) await requireUsableWeights();
    const validated = validation && (await measure(validation, 'validation images'));
    if (validated && patience > 0 && isBetweenEpochs() && isBetter(validated.loss, progress.best)) {
      progress.best = { epoch, validationLoss: validated.loss, tensors: await readTensors(kept) };
    }
    sums.seconds += (performance.now() - began) / 1000;
    if (isBetweenEpochs()) progress.epochSums = { ...NO_SUMS };
    const judged = validated ?? tested;
    yield {
      type: 'epoch',
      epoch,
      trainLoss: sums.loss / sums.images,
      trainAccuracy: sums.right / sums.images,
      ...(validated && { validationLoss: validated.loss, validationAccuracy: validated.accuracy }),
      ...(tested && { testLoss: tested.loss, testAccuracy: tested.accuracy }),
      ...(judged && { classAccuracy: classAccuracy(judged) }),
      learningRate,
      imagesPerSecond: sums.images / sums.stepSeconds,
      seconds: sums.seconds,
    };
  }
}

const classAccuracy = ({ confusion }: Evaluation): (number | undefined)[] =>
  classMetrics(confusion).map(({ recall, support }) => (support > 0 ? recall : undefined));
