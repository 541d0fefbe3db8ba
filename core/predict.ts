import { CLASS_COUNT, INPUT_LENGTH, type RgbaImage } from './image.js';
import type { Manifest } from './manifest.js';
import type { PreprocessStatus } from './page.js';
import { preprocess } from './preprocess.js';
import { REJECTION_SCORES, type RejectedReading } from './rejection.js';

export interface ModelOutput {
  /** `[batch, 10]` */
  logits: Float32Array;
  /** `[batch, 10]`, each row sums to 1. */
  probabilities: Float32Array;
}

/** Runs a bundle's graph: onnxruntime-node in a worker thread there, onnxruntime-web in a worker here. */
export interface Runner {
  /** @param input `[batch, 1, 28, 28]` flattened, ink 1.0 on 0.0. */
  run(input: Float32Array, batch: number): Promise<ModelOutput>;
}

/** Why an answer is not to be relied on. */
export type RejectionReason = Exclude<PreprocessStatus, 'ok'> | RejectedReading;

export interface Prediction {
  /** 0 to 9; null where there was nothing to read. */
  digit: number | null;
  /** Probability of `digit` after temperature scaling, 0 to 1. */
  confidence: number;
  /** Ten values that sum to 1; ten zeros where there was nothing to read. */
  probabilities: number[];
  accepted: boolean;
  /** null exactly where `accepted` is true. */
  reason: RejectionReason | null;
}

/** Softmax of one row of logits divided by `temperature`. */
export function scaledSoftmax(logits: ArrayLike<number>, temperature: number): number[] {
  const scaled = Array.from(logits, (logit) => logit / temperature);
  const highest = Math.max(...scaled);
  const powers = scaled.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** One row of a model's output as an answer. */
export function interpret(
  logits: ArrayLike<number>,
  { temperature, rejection }: Pick<Manifest['calibration'], 'temperature' | 'rejection'>,
): Prediction {
  const probabilities = scaledSoftmax(logits, temperature);
  const confidence = Math.max(...probabilities);
  const { of, reason } = REJECTION_SCORES[rejection.score];
  const accepted = of(logits, temperature) >= rejection.threshold;
  return {
    digit: probabilities.indexOf(confidence),
    confidence,
    probabilities,
    accepted,
    reason: accepted ? null : reason,
  };
}

const unread = (reason: RejectionReason): Prediction => ({
  digit: null,
  confidence: 0,
  probabilities: new Array(CLASS_COUNT).fill(0),
  accepted: false,
  reason,
});

/** Pictures to answers, one each, in their order: preprocess, run those with ink as one batch, interpret. */
export async function classify(
  images: readonly RgbaImage[],
  runner: Runner,
  calibration: Manifest['calibration'],
): Promise<Prediction[]> {
  const prepared = images.map(preprocess);
  const readable = prepared.filter(({ status }) => status === 'ok');
  const batch = new Float32Array(readable.length * INPUT_LENGTH);
  readable.forEach(({ input }, row) => {
    batch.set(input, row * INPUT_LENGTH);
  });
  const { logits } = readable.length > 0 ? await runner.run(batch, readable.length) : NOTHING;
  let row = 0;
  return prepared.map(({ status }) => {
    if (status !== 'ok') return unread(status);
    const start = row++ * CLASS_COUNT;
    return interpret(logits.subarray(start, start + CLASS_COUNT), calibration);
  });
}

const NOTHING: ModelOutput = { logits: new Float32Array(0), probabilities: new Float32Array(0) };
