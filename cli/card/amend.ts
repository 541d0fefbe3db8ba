import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figures, PICTURE_NAMES, PICTURES_FOLDER, type SuiteName } from '../../core/figures.js';
import type { Manifest } from '../../core/manifest.js';
import type { MeasuredCard } from './measure.js';
import { type Drawn, filesOf, type MeasureSuiteOptions, suiteFigures } from './suite-figures.js';
import { requireTestSet } from './test-set.js';
import { readTraining, trainingFigures } from './training.js';

interface Measured {
  bundle: string;
  manifest: Manifest;
  /** As they were measured. */
  figures: Figures;
}

export interface Retold extends Measured {
  /** The run that the bundle was made from; without it figures stay as they are. */
  run: string | undefined;
  /** The same training by other seeds, which may have ended since. */
  seeds: readonly string[];
}

/**
 * Figures that were measured, with what runs say of the training: nothing is measured again.
 * @throws what `readTraining` throws
 */
export async function retell({ bundle, manifest, figures, run, seeds }: Retold): Promise<MeasuredCard> {
  if (run === undefined) return amended(bundle, figures, {});
  const training = await readTraining(run, seeds, manifest);
  const told = { ...figures, ...trainingFigures(bundle, manifest, training, figures.imagesOfSuite) };
  return amended(bundle, told, { training: training.plot });
}

/**
 * Figures that were measured, but for one suite, which is measured anew by as many pictures: how numbers are cut has changed.
 * @throws TenfoldError `bad-input` where the test set is not the one that the manifest tells of
 */
export async function remeasure(
  suite: SuiteName,
  { bundle, manifest, figures, test, say }: Measured & Omit<MeasureSuiteOptions, 'images'>,
): Promise<MeasuredCard> {
  requireTestSet(manifest, test);
  const images = figures.imagesOfSuite ?? undefined;
  const { groups, drawn } = await suiteFigures(suite, { bundle, test, images, say });
  return amended(bundle, { ...figures, suites: { ...figures.suites, [suite]: groups } }, drawn);
}

/** The pictures that a bundle has, but for those that were drawn anew. */
async function amended(bundle: string, figures: Figures, drawn: Drawn): Promise<MeasuredCard> {
  const fresh = await filesOf(drawn);
  const pictures: MeasuredCard['pictures'] = {};
  const shown: Figures['pictures'] = {};
  for (const name of PICTURE_NAMES) {
    const told = name in drawn ? fresh.shown[name] : figures.pictures[name];
    if (!told) continue;
    shown[name] = told;
    pictures[name] = fresh.pictures[name] ?? (await readFile(join(bundle, PICTURES_FOLDER, `${name}.png`)));
  }
  return { figures: { ...figures, pictures: shown }, pictures };
}
