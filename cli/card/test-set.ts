import { calibrationError } from '../../core/calibration-error.js';
import { unmet } from '../../core/errors.js';
import type { TestFigures } from '../../core/figures.js';
import { CLASS_COUNT, INPUT_LENGTH } from '../../core/image.js';
import type { Manifest } from '../../core/manifest.js';
import { interpret, type Runner, scaledSoftmax } from '../../core/predict.js';
import { gatherBatch, orderedBatches } from '../../train/dataset/batches.js';
import type { LabelledImages } from '../../train/dataset/mnist.js';
import { accuracy, classMetrics, confusionMatrix } from '../../train/metrics/confusion.js';
import { digitPicture } from '../../train/suites/digit-picture.js';
import type { Outcome } from '../../train/suites/run.js';

const BATCH_SIZE = 250;
/** A probability of 0 would make the loss infinite; as in training's own evaluation. */
const LEAST_PROBABILITY = 1e-7;

export interface MeasuredTestSet {
  figures: TestFigures;
  /** Digits that were read wrong, the surest first. */
  wrong: Outcome[];
  /** Digits that were read right and refused all the same, in their order. */
  refused: Outcome[];
}

/** Reads every digit of a test set as it is, 28x28 pixels that preprocessing would pass through. */
export async function measureTestSet(
  runner: Runner,
  calibration: Manifest['calibration'],
  test: LabelledImages,
): Promise<MeasuredTestSet> {
  const { count, labels } = test;
  const digits = new Uint8Array(count);
  const confidences = { before: new Float64Array(count), after: new Float64Array(count) };
  const loss = { before: 0, after: 0 };
  const isAccepted = new Uint8Array(count);
  const buffer = new Float32Array(BATCH_SIZE * INPUT_LENGTH);
  for (const indices of orderedBatches({ count, batchSize: BATCH_SIZE })) {
    const input = gatherBatch(test.images, indices, buffer);
    const { logits } = await runner.run(input, indices.length);
    indices.forEach((image, row) => {
      const ofImage = logits.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT);
      const before = scaledSoftmax(ofImage, 1);
      const { digit, confidence, probabilities, accepted } = interpret(ofImage, calibration);
      digits[image] = digit!;
      confidences.before[image] = Math.max(...before);
      confidences.after[image] = confidence;
      loss.before -= Math.log(Math.max(LEAST_PROBABILITY, before[labels[image]!]!)) / count;
      loss.after -= Math.log(Math.max(LEAST_PROBABILITY, probabilities[labels[image]!]!)) / count;
      isAccepted[image] = accepted ? 1 : 0;
    });
  }
  const outcomes = Array.from(digits, (digit, index) => ({
    index,
    expected: String(labels[index]),
    read: String(digit),
    confidence: confidences.after[index]!,
    accepted: isAccepted[index] === 1,
    isRight: digit === labels[index],
  }));
  const wrong = outcomes.filter(({ isRight }) => !isRight);
  const refused = outcomes.filter(({ accepted }) => !accepted);
  const confusion = confusionMatrix(labels, digits);
  const pictured = (one: (typeof outcomes)[number]) => ({ ...one, picture: digitPicture(test, one.index) });
  return {
    figures: {
      images: count,
      accuracy: accuracy(confusion),
      wrong: wrong.length,
      loss,
      calibrationError: {
        before: calibrationError(labels, digits, confidences.before),
        after: calibrationError(labels, digits, confidences.after),
      },
      refused: refused.length,
      refusedWrong: refused.filter(({ isRight }) => !isRight).length,
      perClass: classMetrics(confusion),
      confusion,
    },
    wrong: wrong.sort((a, b) => b.confidence - a.confidence || a.index - b.index).map(pictured),
    refused: refused.filter(({ isRight }) => isRight).map(pictured),
  };
}

/** @throws TenfoldError `bad-input` where it is not the one that the manifest tells of */
export function requireTestSet({ metrics }: Manifest, { count }: LabelledImages): void {
  if (count === metrics.testImages) return;
  throw unmet({
    code: 'bad-input',
    what: 'the test set',
    expected: `the ${metrics.testImages} images that the manifest tells of`,
    got: `${count} images`,
    advice: 'Name the folder of those by --data.',
  });
}
