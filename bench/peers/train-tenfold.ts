import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { backend } from '@tensorflow/tfjs-core';
import { INPUT_LENGTH } from '../../core/image.js';
import { selectBackend } from '../../train/backend.js';
import { gatherBatch, gatherLabels } from '../../train/dataset/batches.js';
import { buildModel } from '../../train/models/architectures.js';
import type { OnnxRuntimeBackend } from '../../train/ort-backend/index.js';
import { randomStream } from '../../train/random.js';
import { resolveRecipe } from '../../train/recipes/resolve.js';
import { createTrainStep } from '../../train/train-step.js';
import type { Answers, Question, Ready } from './step-protocol.js';

/**
 * Training steps of ours as a process of its own: `train-tenfold.js --network NAME --threads N`; see step-protocol.ts. A step
 * does what the fit loop does, and gathers its batch itself, here of random pictures, where a training has it prepared ahead.
 */

/** Batches that the pictures are enough for; steps take them in turns. */
const BATCHES = 4;

const { values } = parseArgs({ options: { network: { type: 'string' }, threads: { type: 'string' } } });
const threads = Number(values.threads);
await selectBackend('onnxruntime', 'cpu', { threads });
const { spent } = (backend() as OnnxRuntimeBackend).sessions;

const { architecture, model: options, training, seed } = resolveRecipe(values.network!, 1);
const { batchSize, learningRate } = training;
const model = buildModel(architecture, options as never, seed);
const trainStep = createTrainStep({ ...training, model, settings: training, seed });

const random = randomStream(seed, 'bench');
const images = Uint8Array.from({ length: BATCHES * batchSize * INPUT_LENGTH }, () => random.integer(256));
const labels = Uint8Array.from({ length: BATCHES * batchSize }, () => random.integer(10));
const buffer = new Float32Array(batchSize * INPUT_LENGTH);
let number = 0;

async function step(): Promise<Answers['step']> {
  const first = (number % BATCHES) * batchSize;
  const before = { ...spent };
  const began = performance.now();
  const indices = Uint32Array.from({ length: batchSize }, (_, row) => first + row);
  const batch = gatherBatch(images, indices, buffer);
  const batchLabels = gatherLabels(labels, indices);
  const gathered = performance.now();
  await trainStep.run(batch, batchLabels, learningRate, ++number);
  return {
    milliseconds: performance.now() - began,
    batchMilliseconds: gathered - began,
    runMilliseconds: spent.runMilliseconds - before.runMilliseconds,
    compileMilliseconds: spent.compileMilliseconds - before.compileMilliseconds,
  };
}

/** Linux's own peak of this process; `maxRSS` may hold that of the process that started it. */
function peakBytes(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

const ANSWERS: { [Q in Question]: () => Promise<Answers[Q]> } = {
  step,
  memory: async () => ({ bytes: peakBytes() }),
};

const ready: Ready = {
  engine: 'tenfold',
  parameters: model.trainableWeights.reduce((sum, weight) => sum + weight.read().size, 0),
  batch: batchSize,
  threads,
};
console.log(JSON.stringify(ready));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await ANSWERS[line as Question]()));
}
