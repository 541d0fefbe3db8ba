import { join } from 'node:path';
import { unmet } from '../core/errors.js';
import { RUN_FILES, type RunMetrics, type SetMetrics } from '../core/run.js';
import type { Engine } from './backend.js';
import type { LabelledImages, Mnist } from './dataset/mnist.js';
import { splitValidation } from './dataset/split.js';
import { type Evaluation, evaluate, testMetrics } from './evaluate.js';
import type { FitEvent } from './events.js';
import { requireBatchInSet } from './feasible.js';
import { createTraining, type EvaluateEvery, type LoopEvent, type Sets, type Training } from './fit.js';
import { machineAtHand } from './machine.js';
import { EPOCHS_COLUMNS, epochRow, LOSSES_COLUMNS, openCsv } from './metrics/csv.js';
import { median } from './metrics/median.js';
import type { ResolvedRecipe } from './recipes/resolve.js';
import { hashOfData, requireSameData } from './run-data.js';
import { createRunFolder, openRun, saveProgress, saveRecipe, writeResults } from './run-folder.js';
import { withEpochs } from './run-length.js';
import { loadTeachers, withTeachers } from './teachers.js';
import { openEventLog } from './tensorboard/log.js';

export interface TrainOptions {
  recipe: ResolvedRecipe;
  engine: Engine;
  mnist: Mnist;
  /** The folder that `mnist` was read from, where it is not the bundled one. */
  data?: string | undefined;
  /** The run folder; it must not hold a run yet, or must hold one with `resume`. */
  folder: string;
  resume: boolean;
  /** How many a run that goes on shall have in the end, where these are others than it began with. */
  epochs?: number | undefined;
  /** Without it a run that goes on does as it was told before, a new one measures the test set at its end. */
  evaluateEvery?: EvaluateEvery | undefined;
  /** Whether the kept network is measured on all images that it was trained on, once it has seen them all. */
  evaluateTrain?: boolean;
  maxSteps: number;
  /** Run folders to learn from; a run that goes on has its own. */
  teachers?: readonly string[];
  /** Once aborted, with a signal's name as its reason, the run is saved after the step under way and ends. */
  signal?: AbortSignal | undefined;
}

/**
 * Trains a recipe into a run folder, saving every epoch, and measures it once on the test set.
 * @throws TenfoldError `interrupted` where `signal` was aborted before the end, when all that was done is saved; `bad-usage` where a run
 * that goes on began with other data, or cannot have the epochs that are asked for
 * @returns through the events; the last one, `end`, carries what `metrics.json` holds.
 */
export async function* train(options: TrainOptions): AsyncGenerator<FitEvent> {
  const { mnist, folder, resume, maxSteps, signal } = options;
  const resumed = resume ? await openRun(folder) : null;
  const dataSha256 = hashOfData(mnist);
  if (resumed) requireSameData(resumed.recipe, dataSha256, options.data);
  const begun = resumed?.recipe ?? { ...options.recipe, dataSha256 };
  const checkpoint = resumed?.checkpoint ?? null;
  const sets = splitSets(begun, mnist);
  requireBatchInSet(begun.training.batchSize, sets.train.count);
  const lasting = resumed ? withEpochs(resumed, sets.train.count, options.epochs) : begun;
  const toldBefore = begun.evaluateEvery ?? 'end';
  const evaluateEvery = options.evaluateEvery ?? toldBefore;
  const recipe = { ...(await withTeachers(lasting, options.teachers ?? [])), evaluateEvery };
  const teachers = await loadTeachers(recipe);
  let training: Training | undefined;
  try {
    training = await createTraining({ recipe, sets, evaluateEvery, maxSteps, checkpoint, teachers, signal });
    // Only now: a network that cannot be built leaves no folder behind.
    if (!resumed) await createRunFolder(folder, recipe);
    else if (evaluateEvery !== toldBefore || lasting !== begun) await saveRecipe(folder, recipe);
    yield* follow({ ...options, recipe }, training, sets, checkpoint?.step);
  } finally {
    await training?.dispose();
    for (const teacher of teachers) teacher.dispose();
  }
}

/** Writes what a training tells into its run folder. */
async function* follow(
  { recipe, engine, folder, data, signal, evaluateTrain = false }: TrainOptions,
  training: Training,
  sets: Sets,
  stepsDone: number | undefined,
): AsyncGenerator<FitEvent> {
  const { epochs, batchSize } = recipe.training;
  const parameters = training.model.countParams();
  const { stepsPerEpoch } = training;
  yield { type: 'start', recipe: recipe.name, ...engine, parameters, epochs, stepsPerEpoch, batchSize };

  const tables = await openTables(folder, stepsDone, stepsPerEpoch);
  const eventLog = await openEventLog({
    folder: join(folder, RUN_FILES.tensorboard),
    model: training.model,
    stepsDone,
    stepsPerEpoch,
  });
  const stepMilliseconds: number[] = [];
  try {
    for await (const event of training.events()) {
      tables.record(event);
      eventLog.record(event);
      if (event.type === 'step') stepMilliseconds.push(event.milliseconds);
      yield event;
      if (event.type === 'epoch') {
        await tables.flush();
        await eventLog.flush();
        await saveProgress(folder, training.model, await training.checkpoint());
        yield { type: 'saved', epoch: event.epoch, folder };
      }
    }
  } catch (error) {
    // The steps that led to a divergence are what one wants to see of it; a run that goes on cuts them off.
    await tables.flush().catch(() => {});
    await eventLog.flush().catch(() => {});
    throw error;
  }

  const { step, trainSeconds, ...rest } = await training.checkpoint();
  const interrupted = () => interruption({ folder, data }, signal?.reason, step, epochs * stepsPerEpoch);
  if (signal?.aborted) {
    await tables.flush();
    await eventLog.flush();
    await saveProgress(folder, training.model, { step, trainSeconds, ...rest });
    throw interrupted();
  }
  const bestEpoch = training.keepBest();
  const measured = await measure(training, sets, {
    evaluateTrain: evaluateTrain && step >= stepsPerEpoch,
    signal,
  }).catch((error) => {
    throw signal?.aborted ? interrupted() : error;
  });
  const metrics: RunMetrics = {
    run: folder,
    recipe: recipe.name,
    seed: recipe.seed,
    ...engine,
    machine: machineAtHand(),
    parameters,
    epochs: Math.floor(step / stepsPerEpoch),
    steps: step,
    trainSeconds,
    // A finished run that is resumed takes no step: its mean stands in.
    stepMillisecondsMedian:
      stepMilliseconds.length > 0 ? median(stepMilliseconds) : (1000 * trainSeconds) / step,
    ...(bestEpoch !== undefined && { bestEpoch }),
    ...measured.metrics,
  };
  await eventLog.finish(measured.test, sets.test);
  await writeResults(folder, metrics, measured.test, sets.test);
  yield { type: 'end', ...metrics };
}

const interruption = (
  { folder, data }: Pick<TrainOptions, 'folder' | 'data'>,
  reason: unknown,
  step: number,
  steps: number,
) =>
  unmet({
    code: 'interrupted',
    what: `the run ${folder}`,
    expected: `${steps} steps and their results`,
    got: `${reason} after step ${step}`,
    advice: `It is saved: go on with it by \`tenfold train --resume --out ${folder}${data === undefined ? '' : ` --data ${data}`}\`.`,
  });

function splitSets({ training, seed }: ResolvedRecipe, mnist: Mnist): Sets {
  if (training.validationImages === 0) return { ...mnist, validation: null };
  const { train: rest, validation } = splitValidation(mnist.train, {
    count: training.validationImages,
    seed,
  });
  return { train: rest, validation, test: mnist.test };
}

/** Measures the kept network on the test set, and on the images set aside and those trained on where they are wanted. */
async function measure(
  { classify }: Training,
  { train, validation, test }: Sets,
  { evaluateTrain, signal }: { evaluateTrain: boolean; signal: AbortSignal | undefined },
): Promise<{ test: Evaluation; metrics: Pick<RunMetrics, 'test' | 'train' | 'validation'> }> {
  const metricsOn = async (set: LabelledImages): Promise<SetMetrics> => {
    const { accuracy, loss } = await evaluate(classify, set, signal);
    return { accuracy, loss };
  };
  const tested = await evaluate(classify, test, signal);
  return {
    test: tested,
    metrics: {
      test: testMetrics(tested, test.labels),
      ...(evaluateTrain && { train: await metricsOn(train) }),
      ...(validation && { validation: await metricsOn(validation) }),
    },
  };
}

/** `losses.csv` and `epochs.csv`: a row a step, and a row an epoch; a resumed run keeps those of finished steps. */
async function openTables(folder: string, stepsDone: number | undefined, stepsPerEpoch: number) {
  const keeping = (keepRows: number) => (stepsDone === undefined ? {} : { keepRows });
  const done = stepsDone ?? 0;
  const losses = await openCsv(join(folder, RUN_FILES.losses), LOSSES_COLUMNS, keeping(done));
  const epochsDone = Math.floor(done / stepsPerEpoch);
  const epochs = await openCsv(join(folder, RUN_FILES.epochs), EPOCHS_COLUMNS, keeping(epochsDone));
  let pending: { 'Train Loss': number; 'Test Loss'?: number } | null = null;
  const settle = () => {
    if (pending) losses.append(pending);
    pending = null;
  };
  return {
    record(event: LoopEvent): void {
      if (event.type === 'evaluate') {
        if (pending) pending['Test Loss'] = event.loss;
        return;
      }
      settle();
      if (event.type === 'step') pending = { 'Train Loss': event.loss };
      else epochs.append(epochRow(event));
    },
    async flush(): Promise<void> {
      settle();
      await losses.flush();
      await epochs.flush();
    },
  };
}
