import { availableParallelism, loadavg } from 'node:os';
import { INPUT_LENGTH } from '../core/image.js';
import { EVERYTHING, SAMPLES } from '../train/augment/samples.js';
import { type AugmentationSettings, NO_AUGMENTATION } from '../train/augment/settings.js';
import { selectBackend } from '../train/backend.js';
import { AHEAD, type Feed, openFeed } from '../train/dataset/feed.js';
import { type LabelledImages, loadMnistSplit, selectImages } from '../train/dataset/mnist.js';
import { createPrepare } from '../train/dataset/prepare.js';
import { machineAtHand, machineText } from '../train/machine.js';
import { median } from '../train/metrics/median.js';
import { buildModel } from '../train/models/architectures.js';
import { resolveRecipe } from '../train/recipes/resolve.js';
import type { RecipeName } from '../train/recipes/table.js';
import { createTrainStep } from '../train/train-step.js';

export interface BenchBatchesOptions {
  /** Measured steps of each side, rounded up to whole turns. */
  steps?: number;
  /** Threads of the engine; one a core by default. */
  threads?: number;
}

/** The two whose steps are shortest, and so wait soonest. */
const TRAINED = ['speedrun', 'fast'] as const satisfies readonly RecipeName[];

/** What suits digits, and takes one resampling. */
const MOVING = { ...SAMPLES.shift, ...SAMPLES.rotate, ...SAMPLES.zoom, ...SAMPLES.shear };

const BATCH = 256;
const BATCHES = 40;
const STEPS = 120;
const STEPS_PER_TURN = 20;
/** Of a turn: the batches that were ready before it, and threads that slept. */
const UNCOUNTED = AHEAD + 2;

/**
 * Measures what preparing a batch costs, by kind of augmentation, and how long a training step waits for its batch, prepared in
 * a thread and on demand, in turns.
 * @returns markdown: two tables, and how they were measured.
 */
export async function benchBatches({
  steps = STEPS,
  threads = availableParallelism(),
}: BenchBatchesOptions = {}): Promise<string> {
  const load = loadavg()[0]!;
  const set = await loadMnistSplit('train');
  const costs = costTable(set);
  await selectBackend('onnxruntime', 'cpu', { threads });
  const waits: string[] = [];
  for (const name of TRAINED) waits.push(...(await waitRows(name, set, Math.ceil(steps / STEPS_PER_TURN))));
  return [
    ...costs,
    '',
    '| network | batch | augmentation | prepared | step, ms | of it waiting, ms | share of all steps |',
    '| --- | --: | --- | --- | --: | --: | --: |',
    ...waits,
    '',
    `Medians of ${BATCHES} batches and of ${steps} steps, ${STEPS_PER_TURN} in a turn, ${threads} threads, ` +
      `${machineText(machineAtHand())}, load ${load.toFixed(2)} at the start.`,
  ].join('\n');
}

const SHOWN: [string, Partial<AugmentationSettings>][] = [
  ['none', {}],
  ...Object.entries(SAMPLES),
  ['all of them', EVERYTHING],
];

/** Milliseconds of processor time a batch: what else the machine does counts little. */
function costTable(set: LabelledImages): string[] {
  const memory = new ArrayBuffer(BATCH * INPUT_LENGTH * Float32Array.BYTES_PER_ELEMENT);
  const rows = SHOWN.map(([name, settings]) => {
    const prepare = createPrepare({
      set,
      batchSize: BATCH,
      seed: 1,
      augmentation: { ...NO_AUGMENTATION, ...settings },
    });
    const times: number[] = [];
    for (let step = 0; step < UNCOUNTED + BATCHES; step++) {
      const began = process.cpuUsage();
      prepare({ step, memory });
      const { user, system } = process.cpuUsage(began);
      if (step >= UNCOUNTED) times.push((user + system) / 1000);
    }
    const shown = Object.entries(settings).map(([key, value]) => `\`${key}=${value}\``);
    return `| ${name} | ${name === 'all of them' ? '' : shown.join(' ')} | ${median(times).toFixed(2)} |`;
  });
  return [`| augmentation | settings | processor ms a batch of ${BATCH} |`, '| --- | --- | --: |', ...rows];
}

interface Side {
  augmentation: string;
  prepared: string;
  feed: Feed;
  milliseconds: number[];
  waitMilliseconds: number[];
}

async function waitRows(name: RecipeName, all: LabelledImages, turns: number): Promise<string[]> {
  const { architecture, model: options, training, seed } = resolveRecipe(name, 1);
  const { batchSize, learningRate } = training;
  // An epoch's last, smaller batch would be another step.
  const count = all.count - (all.count % batchSize);
  const set = selectImages(
    all,
    Uint32Array.from({ length: count }, (_, index) => index),
  );
  const model = buildModel(architecture, options as never, seed);
  const trainStep = createTrainStep({ ...training, model, settings: training, seed });
  const common = { set, batchSize, seed, firstStep: 0, steps: Number.POSITIVE_INFINITY };
  const sides = [
    { augmentation: "the recipe's", settings: training },
    { augmentation: 'shift, rotate, zoom, shear', settings: { ...training, ...MOVING } },
    { augmentation: 'all of them', settings: { ...training, ...EVERYTHING } },
  ].flatMap(({ augmentation, settings }) =>
    [0, 1].map(
      (threads): Side => ({
        augmentation,
        prepared: threads === 0 ? 'on demand' : 'in a thread',
        feed: openFeed({ ...common, augmentation: settings, threads }),
        milliseconds: [],
        waitMilliseconds: [],
      }),
    ),
  );
  let number = 0;
  const takeStep = async ({ feed, milliseconds, waitMilliseconds }: Side, isCounted: boolean) => {
    const began = performance.now();
    const { images, labels } = await feed.next();
    const fed = performance.now();
    await trainStep.run(images, labels, learningRate, ++number);
    if (!isCounted) return;
    milliseconds.push(performance.now() - began);
    waitMilliseconds.push(fed - began);
  };
  for (let turn = 0; turn < turns; turn++) {
    for (const side of sides) {
      for (let step = -UNCOUNTED; step < STEPS_PER_TURN; step++) await takeStep(side, step >= 0);
    }
  }
  await Promise.all(sides.map(({ feed }) => feed.close()));
  await trainStep.dispose();
  model.dispose();
  return sides.map(({ augmentation, prepared, milliseconds, waitMilliseconds }) => {
    const [step, wait] = [median(milliseconds), median(waitMilliseconds)];
    const share = waitMilliseconds.reduce(sum) / milliseconds.reduce(sum);
    return (
      `| ${name} | ${batchSize} | ${augmentation} | ${prepared} | ${step.toFixed(2)} | ${wait.toFixed(2)} | ` +
      `${(100 * share).toFixed(1)}% |`
    );
  });
}

const sum = (total: number, value: number): number => total + value;
