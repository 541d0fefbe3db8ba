import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { Prediction } from '../../core/predict.js';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import type { ExportResult } from '../../export/export-run.js';
import { parsePredictions } from '../../export/source.js';
import type { BundleVerification } from '../../export/verify-bundle.js';
import { type LabelledImages, loadMnistSplit } from '../../train/dataset/mnist.js';
import { confusionMatrix } from '../../train/metrics/confusion.js';
import type { DigitReading } from '../../web/element/events.js';
import { makeFolder, removeFolder, resultOf, type Serving, startServing } from '../cli/command-line.js';
import { greyPng } from '../serve/pictures.js';
import { startBrowser } from '../web/browser.js';
import { answerOf, drawDigit, modelLoaded } from '../web/drawing.js';
import { beginRequest, isOpen, predictAll } from './clients.js';
import type { EvaluateResult } from './results.js';
import { RESULTS, shapeOf } from './shape.js';

/** Pictures that the page reads as well: those that the network is least sure of, where a difference would show. */
const BROWSER_PICTURES = 512;
/** One picture in so many is compressed by sharp, filters and all, so that both of the service's decoders work. */
const SHARP_EVERY = 8;

let folder: string;
let trained: RunMetrics;
let exported: Omit<ExportResult, 'ties'>;
let digits: LabelledImages;
let serving: Serving<{ url: string }>;
let served: Prediction[];
let files: Buffer[];

before(async () => {
  folder = makeFolder();
  digits = await loadMnistSplit('test');
  trained = await resultOf(['train', '--recipe', 'fast', '--max-steps', '100', '--out', 'run'], folder);
  exported = await resultOf(['export', 'run', '--out', 'bundle'], folder);
  files = await Promise.all(Array.from({ length: digits.count }, (_, index) => pngOf(index)));
  serving = await startServing(['serve', '--bundle', 'bundle'], folder);
});

after(() => {
  serving?.child.kill('SIGKILL');
  removeFolder(folder);
});

const pixelsOf = (index: number): Uint8Array =>
  digits.images.subarray(index * INPUT_LENGTH, (index + 1) * INPUT_LENGTH);

async function pngOf(index: number): Promise<Buffer> {
  if (index % SHARP_EVERY > 0) return greyPng(pixelsOf(index));
  const raw = { width: INPUT_SIDE, height: INPUT_SIDE, channels: 1 as const };
  return sharp(pixelsOf(index), { raw }).png({ adaptiveFiltering: true }).toBuffer();
}

test('every stage prints what the contract says', () => {
  assert.deepEqual(shapeOf(trained), RESULTS.train);
  assert.deepEqual(shapeOf(exported), RESULTS.export);
  assert.deepEqual(shapeOf(serving.result), RESULTS.serve);
  const { recipe, seed, steps, backend, device } = trained;
  assert.deepEqual([recipe, seed, steps, backend, device], ['fast', 1, 100, 'onnxruntime', 'cpu']);
  assert.ok(
    trained.test.accuracy > 0.8,
    `100 steps teach the digits, but the accuracy is ${trained.test.accuracy}`,
  );
  assert.equal(trained.test.perClass.length, 10);
  assert.ok(!('train' in trained), '100 steps have not seen all that there is to train on');
});

test('the exported graph is the network: probabilities within 1e-5, every digit the same', async () => {
  const { parity } = exported;
  assert.ok(parity.maxAbsDiff <= 1e-5, `the largest difference is ${parity.maxAbsDiff}`);
  assert.deepEqual([parity.images, parity.top1Agreement], [256, 1]);
  const { passed, checks, accuracy } = await resultOf<BundleVerification>(
    ['verify', 'bundle', '--run', 'run'],
    folder,
  );
  // The run sets no images aside, so that there is nothing to calibrate by.
  const held = checks.filter(({ name }) => name !== 'calibration');
  assert.ok(passed && held.every(({ status }) => status === 'passed'), JSON.stringify(checks));
  assert.equal(accuracy, trained.test.accuracy);
});

/*
 * The digits below are compared exactly, though engines round differently: TensorFlow.js's graph and the folded one,
 * batches of 250 and of 64, native code and WebAssembly differ by some 1e-6 in a logit. That turns a digit only where the
 * two likeliest lie that close, which in 10,000 pictures is to be expected once in thousands of trainings. `top1Agreement`
 * of 1 above says that run and bundle have no such picture.
 */

test('run, bundle and service agree on all 10,000 test images, posted as PNG files', async () => {
  const [ofRun, ofBundle, predictions] = await Promise.all([
    resultOf<EvaluateResult>(['evaluate', 'run'], folder),
    resultOf<EvaluateResult>(['evaluate', 'bundle'], folder),
    predictAll(serving.result.url, files),
  ]);
  served = predictions;
  assert.deepEqual(shapeOf(ofRun), RESULTS.evaluate);
  assert.equal(ofRun.images, 10_000);
  assert.equal(ofRun.accuracy, trained.test.accuracy);
  const { loss, calibrationError, ...exact } = ofBundle;
  const { loss: lossOfRun, calibrationError: errorOfRun, ...exactOfRun } = ofRun;
  assert.deepEqual(exact, exactOfRun);
  assert.ok(Math.abs(loss - lossOfRun) < 1e-5, `the losses are ${loss} and ${lossOfRun}`);
  const errors = `the calibration errors are ${calibrationError} and ${errorOfRun}`;
  assert.ok(Math.abs(calibrationError - errorOfRun) < 1e-5, errors);

  const recorded = parsePredictions(readFileSync(join(folder, 'run', RUN_FILES.predictions), 'utf8')).digits;
  const differing = served.flatMap(({ digit, probabilities }, image) =>
    digit === recorded[image] ? [] : [{ image, digit, recorded: recorded[image], probabilities }],
  );
  assert.deepEqual(differing, []);
  const ofServed = confusionMatrix(
    digits.labels,
    served.map(({ digit }) => digit!),
  );
  assert.deepEqual(ofServed, ofBundle.confusion);
  assert.ok(served.every(({ accepted, reason }) => accepted && reason === null));
});

test('the page reads the same files as the service does, from the very same input', async () => {
  const unsure = served
    .map(({ confidence }, image) => ({ image, confidence }))
    .sort((a, b) => a.confidence - b.confidence)
    .slice(0, BROWSER_PICTURES)
    .map(({ image }) => image);
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(serving.result.url);
    await modelLoaded(page);
    const answers = await page.evaluate(
      async (pictures) => {
        const element = document.querySelector('digit-classifier')!;
        const read: { digit: number | null; confidence: number; input: string }[] = [];
        for (const encoded of pictures) {
          const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
          const picture = new Blob([bytes], { type: 'image/png' });
          const { digit, confidence, input } = (await element.classify(picture)) as DigitReading;
          const inputBytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
          read.push({ digit, confidence, input: btoa(String.fromCharCode(...inputBytes)) });
        }
        return read;
      },
      unsure.map((image) => files[image]!.toString('base64')),
    );
    const inputOf = (image: number) =>
      Buffer.from(Float32Array.from(pixelsOf(image), (value) => value / 255).buffer).toString('base64');
    assert.deepEqual(
      answers.map(({ digit, input }, row) => ({ image: unsure[row]!, digit, input })),
      unsure.map((image) => ({ image, digit: served[image]!.digit, input: inputOf(image) })),
    );
    answers.forEach(({ confidence }, row) => {
      const difference = Math.abs(confidence - served[unsure[row]!]!.confidence);
      assert.ok(difference < 1e-5, `the confidences for image ${unsure[row]} differ by ${difference}`);
    });

    await page.locator('#classifier').evaluate((element: HTMLElementTagNameMap['digit-classifier']) => {
      element.clear();
    });
    await drawDigit(page, 0);
    await answerOf(page).getByText('0').waitFor();
    await page.locator('#ask').click();
    await page.locator('#verdict').getByText('The same answer').waitFor();
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
});

test('on SIGTERM the service refuses what is new, answers what has begun, and ends with status 0', async () => {
  const { child, ended, result } = serving;
  const begun = await beginRequest(result.url, files[7]!);
  child.kill('SIGTERM');
  while (await isOpen(result.url));
  assert.equal(child.exitCode, null, 'it ended before the request was answered');
  const { status: answered, body } = await begun.finish();
  assert.equal(answered, 200, body);
  assert.equal((JSON.parse(body) as { results: Prediction[] }).results[0]!.digit, served[7]!.digit);
  const { status, signal, stderr } = await ended;
  assert.deepEqual([status, signal], [0, null], stderr);
  assert.equal(await isOpen(result.url), false);
});
