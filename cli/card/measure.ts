import { unmet } from '../../core/errors.js';
import {
  FIGURES_FORMAT,
  type Figures,
  type GroupFigures,
  PICTURE_NAMES,
  type PictureName,
  type SuiteName,
} from '../../core/figures.js';
import { type Manifest, MODEL_FILE } from '../../core/manifest.js';
import { isSameAccuracy } from '../../export/verify.js';
import { openBundleFolder } from '../../serve/models/bundle.js';
import { createRunner } from '../../serve/workers/runner.js';
import type { LabelledImages } from '../../train/dataset/mnist.js';
import { machineAtHand } from '../../train/machine.js';
import { measureSuites, SUITE_NAMES, SUITES } from '../suites.js';
import { Failures } from './failures.js';
import { type CardPicture, DIGITS, digitsPicture, failuresPicture, NUMBERS, shrunk } from './pictures.js';
import { trainingFigures } from './retell.js';
import { type MeasuredTestSet, measureTestSet } from './test-set.js';
import { readTraining } from './training.js';

export interface MeasureCardOptions {
  bundle: string;
  /** The run that the bundle was made from, where it is at hand. */
  run: string | undefined;
  /** The same training by other seeds. */
  seeds: readonly string[];
  test: LabelledImages;
  /** The most pictures of each suite; undefined for all. */
  images: number | undefined;
  say(line: string): void;
}

export interface MeasuredCard {
  figures: Figures;
  /** PNG files, by their names. */
  pictures: Partial<Record<PictureName, Buffer>>;
}

/**
 * Measures a bundle on the test set and on all suites, and draws what came out wrong. Tells of each suite as it is known.
 * @throws TenfoldError `bad-usage` where a run is another one's; `bad-input` where the test set is not the one that the
 * manifest tells of; `failed` where the bundle does not reach on it what its manifest says
 */
export async function measureCard(options: MeasureCardOptions): Promise<MeasuredCard> {
  const { bundle, run, seeds, test, images, say } = options;
  const { manifest, model } = await openBundleFolder(bundle);
  const training = run === undefined ? null : await readTraining(run, seeds, manifest);
  requireTestSet(manifest, test);
  const runner = await createRunner({ manifest, model }, { threads: 0 });
  const measured = await measureTestSet(runner, manifest.calibration, test);
  await runner.release();
  requireAccuracy(bundle, manifest, measured);
  const { accuracy, calibrationError } = measured.figures;
  say(
    `test set: ${(100 * accuracy).toFixed(2)}% of ${test.count}, calibration error ${calibrationError.after.toFixed(5)}`,
  );

  const failures = new Failures(DIGITS.columns);
  const suites: Partial<Figures['suites']> = {};
  for (const suite of SUITE_NAMES) {
    suites[suite] = await measureGroups(suite, options, failures);
  }
  const { robust, outliers, numbers } = suites as Figures['suites'];
  const [corruptions, users] = robust;
  const drawn: { [P in PictureName]: CardPicture | null } = {
    training: training?.plot ?? null,
    'wrong-digits': await digitsPicture(measured.wrong),
    'refused-digits': await digitsPicture(measured.refused),
    corruptions: await failuresPicture(corruptions!.suites, failures, DIGITS),
    users: await failuresPicture(users!.suites, failures, DIGITS),
    outliers: await failuresPicture(
      outliers.flatMap((group) => group.suites),
      failures,
      DIGITS,
    ),
    numbers: await failuresPicture(
      numbers.flatMap((group) => group.suites),
      failures,
      NUMBERS,
    ),
  };
  const figures: Figures = {
    format: FIGURES_FORMAT,
    model: manifest.files[MODEL_FILE]!.sha256,
    machine: machineAtHand(),
    imagesOfSuite: images ?? null,
    test: measured.figures,
    suites: { robust, outliers, numbers },
    ...trainingFigures(bundle, manifest, training, images ?? null),
    pictures: {},
  };
  const pictures: MeasuredCard['pictures'] = {};
  for (const name of PICTURE_NAMES) {
    const picture = drawn[name];
    if (!picture) continue;
    pictures[name] = await shrunk(name, picture.png);
    figures.pictures[name] = { shown: picture.shown, of: picture.of };
  }
  return { figures, pictures };
}

async function measureGroups(
  suite: SuiteName,
  { bundle, test, images, say }: MeasureCardOptions,
  failures: Failures,
): Promise<GroupFigures[]> {
  const onOutcome = failures.add.bind(failures);
  const results = await measureSuites({ bundle, suite, digits: test, images, say, onOutcome });
  return results.map(({ title, mean, meanTarget, met, suites }, place): GroupFigures => {
    const group = SUITES[suite][place]!;
    return {
      title,
      mean,
      meanTarget,
      met,
      published: [...(group.published ?? [])],
      suites: suites.map(({ auroc, ...row }) => {
        const { summary, separation } = group.suites[row.name]!;
        return { ...row, summary, auroc: auroc ?? null, separation: separation ?? null };
      }),
    };
  });
}

function requireTestSet({ metrics }: Manifest, { count }: LabelledImages): void {
  if (count === metrics.testImages) return;
  throw unmet({
    code: 'bad-input',
    what: 'the test set',
    expected: `the ${metrics.testImages} images that the manifest tells of`,
    got: `${count} images`,
    advice: 'Name the folder of those by --data.',
  });
}

function requireAccuracy(bundle: string, { metrics, parity }: Manifest, { figures }: MeasuredTestSet): void {
  if (isSameAccuracy(figures.accuracy, metrics.testAccuracy, parity.top1Agreement)) return;
  throw unmet({
    code: 'failed',
    what: `the accuracy of ${bundle}`,
    expected: `${metrics.testAccuracy}, as its manifest has it,`,
    got: `${figures.accuracy}`,
    advice: 'It is another model or another test set: see tenfold verify.',
  });
}
