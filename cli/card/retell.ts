import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figures, PICTURE_NAMES, PICTURES_FOLDER } from '../../core/figures.js';
import type { Manifest } from '../../core/manifest.js';
import { reproducingCommands } from './commands.js';
import type { MeasuredCard } from './measure.js';
import { shrunk } from './pictures.js';
import { readTraining, type TrainingFacts } from './training.js';

/** What figures say of the training, and how all is made again. */
export const trainingFigures = (
  bundle: string,
  { variants = {} }: Manifest,
  training: TrainingFacts | null,
  images: number | null,
): Pick<Figures, 'run' | 'seeds' | 'commands'> => ({
  run: training?.run ?? null,
  seeds: training?.seeds ?? null,
  commands: reproducingCommands(bundle, { training, precisions: Object.keys(variants), images }),
});

export interface Retold {
  bundle: string;
  manifest: Manifest;
  /** As they were measured. */
  figures: Figures;
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
  const drawn = await picturesOf(bundle, figures);
  if (run === undefined) return { figures, pictures: drawn };
  const training = await readTraining(run, seeds, manifest);
  const told = { ...figures, ...trainingFigures(bundle, manifest, training, figures.imagesOfSuite) };
  const { plot } = training;
  if (!plot) return { figures: told, pictures: drawn };
  const { shown, of } = plot;
  return {
    figures: { ...told, pictures: { training: { shown, of }, ...figures.pictures } },
    pictures: { ...drawn, training: await shrunk('training', plot.png) },
  };
}

async function picturesOf(bundle: string, figures: Figures): Promise<MeasuredCard['pictures']> {
  const names = PICTURE_NAMES.filter((name) => name in figures.pictures);
  const files = names.map(
    async (name) => [name, await readFile(join(bundle, PICTURES_FOLDER, `${name}.png`))] as const,
  );
  return Object.fromEntries(await Promise.all(files));
}
