import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unmet } from '../../core/errors.js';
import { CLASS_COUNT } from '../../core/image.js';
import { MANIFEST_FILE, PRECISIONS, type Precision } from '../../core/manifest.js';
import { scaledSoftmax } from '../../core/predict.js';
import { openBundleFolder } from '../../serve/models/bundle.js';
import { createRunner } from '../../serve/workers/runner.js';
import { BACKEND_CHOICES, DEVICE_CHOICES, selectBackend } from '../../train/backend.js';
import { type Classifier, classifierOf, evaluate, testMetrics } from '../../train/evaluate.js';
import { loadRun } from '../../train/load-run.js';
import { classificationReport } from '../../train/metrics/classification-report.js';
import {
  type Command,
  choice,
  type Invocation,
  integer,
  type Output,
  onePositional,
  text,
} from '../command.js';
import { loadTestSet } from '../dataset.js';

const MOST_IMAGES = 1_000_000;

export const evaluateCommand: Command = {
  usage:
    'RUN [--data DIR] [--backend NAME] [--device NAME], or BUNDLE [--data DIR] [--precision fp32|fp16|int8] [--suite NAME [--images N] [--sheets DIR]]',
  summary:
    'Measures accuracy and loss on the test set, for each digit too; or how a bundle reads the pictures of a suite.',
  options: {
    data: { type: 'string' },
    precision: { type: 'string' },
    backend: { type: 'string' },
    device: { type: 'string' },
    suite: { type: 'string' },
    images: { type: 'string' },
    sheets: { type: 'string' },
  },
  async run({ values, positionals, output }) {
    const folder = onePositional(positionals, 'run folder or bundle');
    const isBundle = existsSync(join(folder, MANIFEST_FILE));
    requireApplicable(values, folder, isBundle);
    if (values.suite !== undefined) return evaluateSuite(folder, isBundle, values, output);
    requireSuite(values);
    const test = await loadTestSet(values);
    const classify = isBundle
      ? await bundleClassifier(folder, precisionOf(values))
      : await runClassifier(folder, values, output);
    const evaluation = await evaluate(classify, test);
    requireNumbers(evaluation.loss, folder);
    const metrics = testMetrics(evaluation, test.labels);
    const { accuracy, loss, confusion, calibrationError } = metrics;
    const { images } = evaluation;
    output.say(classificationReport(confusion));
    output.say(confusion.map((row) => row.map((count) => String(count).padStart(6)).join('')).join('\n'));
    output.say(
      `\n${(100 * accuracy).toFixed(2)}% of ${images} images, loss ${loss.toFixed(5)}, ` +
        `calibration error ${calibrationError.toFixed(5)}`,
    );
    output.result({ ...metrics, images });
  },
};

/** `--suite`: pictures made from test digits, read from their pixels on. */
async function evaluateSuite(
  folder: string,
  isBundle: boolean,
  values: Invocation['values'],
  output: Output,
): Promise<void> {
  const { measureSuites, SUITE_NAMES } = await import('../suites.js');
  const suite = choice(values, 'suite', SUITE_NAMES, 'robust');
  const images = integer(values, 'images', [1, MOST_IMAGES]);
  requireFolder(folder);
  if (!isBundle) {
    throw unmet({
      code: 'bad-usage',
      what: '--suite',
      expected: 'a bundle, which reads pictures',
      got: folder,
      advice: 'Make one of a run by tenfold export.',
    });
  }
  const digits = await loadTestSet(values);
  const sheets = text(values, 'sheets');
  const groups = await measureSuites({
    bundle: folder,
    precision: precisionOf(values),
    suite,
    digits,
    images,
    sheets,
    say: output.say,
  });
  output.result({ suite, groups });
}

/** TensorFlow.js computes a run in one precision, ONNX Runtime a bundle on the cpu. */
function requireApplicable(values: Invocation['values'], folder: string, isBundle: boolean): void {
  const others = isBundle ? ['backend', 'device'] : ['precision'];
  const idle = others.find((option) => values[option] !== undefined);
  if (idle === undefined) return;
  throw unmet({
    code: 'bad-usage',
    what: `--${idle}`,
    expected: isBundle ? 'a run folder' : 'a bundle',
    got: folder,
    advice: 'Leave the option out, or name another folder.',
  });
}

function requireFolder(folder: string): void {
  if (existsSync(folder)) return;
  throw unmet({
    code: 'not-found',
    what: folder,
    expected: 'the folder of a run or of a bundle',
    got: 'nothing of that name',
    advice: 'Check the path: `tenfold train` writes runs, `tenfold export` bundles.',
  });
}

function requireSuite(values: Invocation['values']): void {
  const alone = ['images', 'sheets'].find((option) => values[option] !== undefined);
  if (alone === undefined) return;
  throw unmet({
    code: 'bad-usage',
    what: `--${alone}`,
    expected: 'a suite that it is for',
    got: 'none',
    advice: 'Name one by --suite.',
  });
}

function requireNumbers(loss: number, folder: string): void {
  if (!Number.isNaN(loss)) return;
  throw unmet({
    code: 'failed',
    what: `the probabilities of ${folder}`,
    expected: 'numbers',
    got: 'NaN',
    advice: 'Its weights are broken: train it anew at a lower learning rate.',
  });
}

const precisionOf = (values: Invocation['values']): Precision =>
  choice(values, 'precision', PRECISIONS, 'fp32');

/** As the bundle answers: its temperature is in the probabilities. */
async function bundleClassifier(folder: string, precision: Precision): Promise<Classifier> {
  const bundle = await openBundleFolder(folder, () => precision);
  const runner = await createRunner(bundle, { threads: 0 });
  const { temperature } = bundle.manifest.calibration;
  return async (images, count) => {
    const { logits, probabilities } = await runner.run(images, count);
    if (temperature === 1) return probabilities;
    const rows = Array.from({ length: count }, (_, row) =>
      scaledSoftmax(logits.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT), temperature),
    );
    return Float32Array.from(rows.flat());
  };
}

async function runClassifier(
  folder: string,
  values: Invocation['values'],
  output: Output,
): Promise<Classifier> {
  await selectBackend(
    choice(values, 'backend', BACKEND_CHOICES, 'auto'),
    choice(values, 'device', DEVICE_CHOICES, 'auto'),
    { tell: output.say },
  );
  requireFolder(folder);
  return classifierOf(await loadRun(folder));
}
