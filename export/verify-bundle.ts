import { checkSessionNames, openBundle } from '../core/bundle.js';
import { unmet } from '../core/errors.js';
import { FIGURES_FILE } from '../core/figures.js';
import { INPUT_LENGTH } from '../core/image.js';
import type { Manifest } from '../core/manifest.js';
import type { ModelOutput } from '../core/predict.js';
import { folderSource } from './bundle.js';
import { measureCalibration } from './calibrate.js';
import { convert } from './convert.js';
import { areOf, readFigures } from './figures-file.js';
import { loadLayersModel } from './load.js';
import { checkVariants, type VariantCheck } from './precision/check-variants.js';
import { runClassifier, withSession } from './session.js';
import { readSource } from './source.js';
import {
  compareTopOne,
  isSameAccuracy,
  isTie,
  type LabelledImages,
  maxAbsDifference,
  PARITY_IMAGES,
  PARITY_TOLERANCE,
  referenceProbabilities,
  requireLabelledImages,
  score,
} from './verify.js';

export interface Check {
  name:
    | ('files' | 'graph' | 'accuracy' | 'calibration' | 'figures' | 'parity' | 'predictions')
    | VariantCheck['name'];
  status: 'passed' | 'failed' | 'skipped';
  /** One line for people: what was compared and what came out, or why it could not be. */
  detail: string;
}

export interface BundleVerification {
  bundle: string;
  /** No check failed; one that was skipped does not count. */
  passed: boolean;
  checks: Check[];
  /** Measured on the images given, 0 to 1. */
  accuracy: number;
  /** Mean cross-entropy measured on the images given, nats. */
  loss: number;
}

export interface VerifyOptions extends LabelledImages {
  /** The run folder or `model.json` that the bundle was made from, where it is at hand. */
  reference?: string;
}

/**
 * Holds a bundle to its manifest, to the test set and, where the run is at hand, to the model that it was made from.
 * @throws TenfoldError `not-found` or `corrupt` where the bundle cannot be loaded at all: a file is missing, a hash
 * differs, or the graph has other inputs and outputs.
 */
export async function verifyBundle(directory: string, options: VerifyOptions): Promise<BundleVerification> {
  requireLabelledImages(options);
  const { images, labels, reference } = options;
  const source = folderSource(directory);
  const { manifest, model } = await openBundle(source);
  const files = await checkFiles(manifest, source);
  const output = await withSession(model, (session) => {
    checkSessionNames(session, source);
    return runClassifier(session, images);
  });
  const graph: Check = { name: 'graph', status: 'passed', detail: 'input -> logits, probabilities' };
  const { accuracy, loss } = score(output, labels);
  const checks = [
    files,
    graph,
    checkAccuracy(manifest, accuracy, labels.length),
    checkCalibration(manifest, output, labels),
    ...(await checkFiguresOf(manifest, source)),
    ...(await checkVariants(manifest, source, output, options)),
    ...(await checkReference(reference, output, options)),
  ];
  const passed = checks.every(({ status }) => status !== 'failed');
  return { bundle: directory, passed, checks, accuracy, loss };
}

/** The model's hash was held to the manifest as it was opened; here the other files' are. */
async function checkFiles(manifest: Manifest, source: ReturnType<typeof folderSource>): Promise<Check> {
  for (const [file, recorded] of Object.entries(manifest.files)) {
    const measured = await source.sha256(await source.read(file, recorded));
    if (measured === recorded.sha256) continue;
    throw unmet({
      code: 'corrupt',
      what: `the sha256 of ${file} in ${source.location}`,
      expected: recorded.sha256,
      got: measured,
      advice: 'The file was changed after the export: copy the bundle again, or export it anew.',
    });
  }
  const detail = `${Object.keys(manifest.files).join(', ')}: as recorded`;
  return { name: 'files', status: 'passed', detail };
}

function checkAccuracy({ metrics, parity }: Manifest, measured: number, images: number): Check {
  const { testAccuracy, testImages } = metrics;
  const name = 'accuracy';
  if (testImages !== images) {
    const detail = `${measured} on ${images} images; the ${testAccuracy} recorded were measured on ${testImages}`;
    return { name, status: 'skipped', detail };
  }
  const isSame = isSameAccuracy(measured, testAccuracy, parity.top1Agreement);
  const status = isSame ? 'passed' : 'failed';
  return { name, status, detail: `${measured} measured, ${testAccuracy} recorded, ${images} images` };
}

/**
 * The calibration error and the refused share that the manifest records. Engines round differently, so that one image may fall on
 * the other side of the threshold, or of a border between two bins.
 */
function checkCalibration(manifest: Manifest, { logits }: ModelOutput, labels: ArrayLike<number>): Check {
  const name = 'calibration';
  const { calibration, metrics } = manifest;
  const { fit } = calibration;
  const images = labels.length;
  if (!fit) return { name, status: 'skipped', detail: 'there is none: the run set no images aside' };
  if (metrics.testImages !== images) {
    const detail = `what is recorded was measured on ${metrics.testImages} images, these are ${images}`;
    return { name, status: 'skipped', detail };
  }
  const measured = measureCalibration(calibration, { logits, labels });
  const pairs = [
    [measured.testCalibrationError.before, fit.testCalibrationError.before],
    [measured.testCalibrationError.after, fit.testCalibrationError.after],
    [measured.testRefusedShare, fit.testRefusedShare],
  ] as const;
  const isSame = pairs.every(([now, recorded]) => Math.abs(now - recorded) <= 1 / images + 1e-6);
  const [before, after, refused] = pairs.map((pair) => pair.map((share) => `${(100 * share).toFixed(2)}%`));
  return {
    name,
    status: isSame ? 'passed' : 'failed',
    detail:
      `error ${after![0]} (${before![0]} at temperature 1), ${refused![0]} refused; ` +
      `${after![1]} (${before![1]}), ${refused![1]} recorded`,
  };
}

/** Where a bundle has figures they must be its own. */
async function checkFiguresOf(manifest: Manifest, source: ReturnType<typeof folderSource>): Promise<Check[]> {
  const figures = await readFigures(source, manifest);
  if (!figures) return [];
  const name = 'figures';
  return areOf(figures, manifest)
    ? [{ name, status: 'passed', detail: `${FIGURES_FILE} is of this model` }]
    : [{ name, status: 'failed', detail: `${FIGURES_FILE} is of another model, ${figures.model}` }];
}

async function checkReference(
  reference: string | undefined,
  output: ModelOutput,
  { images, labels }: LabelledImages,
): Promise<Check[]> {
  if (reference === undefined) {
    const detail = 'needs the run that the bundle was made from';
    return [
      { name: 'parity', status: 'skipped', detail },
      { name: 'predictions', status: 'skipped', detail },
    ];
  }
  return [await checkParity(reference, output, images), checkPredictions(reference, output, labels)];
}

async function checkParity(
  reference: string,
  { probabilities }: ModelOutput,
  images: Float32Array,
): Promise<Check> {
  const model = await loadLayersModel(reference);
  const first = images.subarray(0, PARITY_IMAGES * INPUT_LENGTH);
  const expected = await referenceProbabilities(model, first, convert(model).modelOutput);
  model.dispose();
  const difference = maxAbsDifference(probabilities.subarray(0, expected.length), expected);
  return {
    name: 'parity',
    status: difference <= PARITY_TOLERANCE ? 'passed' : 'failed',
    detail: `probabilities differ from TensorFlow.js by at most ${difference.toExponential(1)} on ${first.length / INPUT_LENGTH} images`,
  };
}

function checkPredictions(reference: string, output: ModelOutput, labels: ArrayLike<number>): Check {
  const name = 'predictions';
  const { run } = readSource(reference);
  const recorded = run?.predictions;
  if (!recorded) return { name, status: 'skipped', detail: 'there is no run around the model' };
  const isSame =
    recorded.labels.length === labels.length && recorded.labels.every((label, i) => label === labels[i]);
  if (!isSame) return { name, status: 'skipped', detail: 'the run was tested on other images' };
  const { agreement, disagreements } = compareTopOne(output, recorded.digits);
  const ties = disagreements.filter(isTie).length;
  return {
    name,
    status: disagreements.length === ties ? 'passed' : 'failed',
    detail: `${agreement * 100}% of ${labels.length} digits as the run recorded them${ties > 0 ? `, ${ties} ties` : ''}`,
  };
}
