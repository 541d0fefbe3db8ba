import { unmet } from '../../core/errors.js';
import { FIGURES_FORMAT, type Figures, type PictureName } from '../../core/figures.js';
import { type Manifest, MODEL_FILE } from '../../core/manifest.js';
import { isSameAccuracy } from '../../export/verify.js';
import { openBundleFolder } from '../../serve/models/bundle.js';
import { createRunner } from '../../serve/workers/runner.js';
import { machineAtHand } from '../../train/machine.js';
import { SUITE_NAMES } from '../suites.js';
import { digitsPicture } from './pictures.js';
import { type Drawn, filesOf, type MeasureSuiteOptions, suiteFigures } from './suite-figures.js';
import { type MeasuredTestSet, measureTestSet, requireTestSet } from './test-set.js';
import { readTraining, trainingFigures } from './training.js';

export interface MeasureCardOptions extends MeasureSuiteOptions {
  /** The run that the bundle was made from, where it is at hand. */
  run: string | undefined;
  /** The same training by other seeds. */
  seeds: readonly string[];
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

  const suites: Partial<Figures['suites']> = {};
  const drawn: Drawn = {
    training: training?.plot ?? null,
    'wrong-digits': await digitsPicture(measured.wrong),
    'refused-digits': await digitsPicture(measured.refused),
  };
  for (const suite of SUITE_NAMES) {
    const found = await suiteFigures(suite, options);
    suites[suite] = found.groups;
    Object.assign(drawn, found.drawn);
  }
  const { shown, pictures } = await filesOf(drawn);
  const figures: Figures = {
    format: FIGURES_FORMAT,
    model: manifest.files[MODEL_FILE]!.sha256,
    machine: machineAtHand(),
    imagesOfSuite: images ?? null,
    test: measured.figures,
    suites: suites as Figures['suites'],
    ...trainingFigures(bundle, manifest, training, images ?? null),
    pictures: shown,
  };
  return { figures, pictures };
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
