import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { unmet } from '../../core/errors.js';
import type { Figures, RunFigures, SeedsFigures, TeacherFigures } from '../../core/figures.js';
import type { Manifest } from '../../core/manifest.js';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { NO_AUGMENTATION } from '../../train/augment/settings.js';
import { meanAndDeviation } from '../../train/metrics/spread.js';
import { drawChart, type Line } from '../../train/reports/chart.js';
import { epochAxis, epochPoints } from '../../train/reports/curves.js';
import { changedSettings, groupRuns, settingsOf } from '../../train/reports/groups.js';
import { type ReportRun, readReportRun } from '../../train/reports/read-run.js';
import { plainSvg } from '../../train/reports/svg.js';
import type { Teacher } from '../../train/teachers.js';
import { reproducingCommands } from './commands.js';
import type { CardPicture } from './pictures.js';

/** The training that a bundle came from, as a card tells of it. */
export interface TrainingFacts {
  run: RunFigures;
  seeds: SeedsFigures | null;
  /** Settings that are not the recipe's: `key=value`. */
  settings: string[];
  plot: CardPicture | null;
}

/**
 * Reads the run that a bundle was made from, and the same training by other seeds.
 * @throws TenfoldError `bad-usage` where the bundle is of another run, or runs of the seeds differ in more than their seed;
 * what `readReportRun` throws where one is no finished run
 */
export async function readTraining(
  folder: string,
  seedFolders: readonly string[],
  manifest: Manifest,
): Promise<TrainingFacts> {
  const run = await readReportRun(folder);
  await requireSource(run, manifest);
  const others = await Promise.all(seedFolders.map(readReportRun));
  const plot = await trainingPlot(run);
  return {
    run: await runFigures(run),
    seeds: seedFolders.length === 0 ? null : seedsFigures(run, others),
    settings: (changedSettings(run) ?? []).map(({ key, value }) => `${key}=${value}`),
    plot,
  };
}

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

/** By what a record of a run keeps too: neither weights nor predictions. */
async function requireSource({ folder, metrics: { test } }: ReportRun, { recipe, metrics }: Manifest) {
  const own = JSON.parse(await readFile(join(folder, RUN_FILES.recipe), 'utf8'));
  const isSame = JSON.stringify(own) === JSON.stringify(recipe) && test.accuracy === metrics.testAccuracy;
  if (isSame) return;
  throw unmet({
    code: 'bad-usage',
    what: '--run',
    expected: 'the run that the bundle was exported from',
    got: `${folder}, which has another recipe or accuracy`,
    advice: 'Name that run, or export the bundle anew from this one.',
  });
}

async function runFigures(run: ReportRun): Promise<RunFigures> {
  const { recipe, metrics } = run;
  const [group] = groupRuns([run]);
  const { teachers = [] } = recipe as { teachers?: readonly Teacher[] };
  return {
    recipe: recipe.name,
    summary: recipe.summary,
    seed: recipe.seed,
    changes: group!.changes,
    epochs: metrics.epochs,
    steps: metrics.steps,
    parameters: metrics.parameters,
    trainSeconds: metrics.trainSeconds,
    backend: metrics.backend,
    device: metrics.device,
    threads: metrics.threads ?? null,
    machine: metrics.machine ?? null,
    validationImages: Number(recipe.training.validationImages ?? 0),
    train: metrics.train ?? null,
    validation: metrics.validation ?? null,
    augmentation: augmentationOf(settingsOf(run)),
    outlierShare: Number(recipe.training.outlierShare ?? 0),
    testedOnce: run.epochs.column('testAccuracy')?.some(Number.isFinite) !== true,
    teachers: await Promise.all(teachers.map(teacherFigures)),
  };
}

/**
 * The settings that vary the images. Those of an effect begin with the same word; the one that is 0 where nothing is varied
 * switches it on.
 */
function augmentationOf(given: ReturnType<typeof settingsOf>): Record<string, number> {
  const settings = Object.entries<number>({ ...NO_AUGMENTATION });
  const effectOf = (setting: string): string => setting.replace(/[A-Z].*$/, '');
  const on = new Set(
    settings.flatMap(([name, off]) => (off === 0 && Number(given[name]) !== 0 ? [effectOf(name)] : [])),
  );
  return Object.fromEntries(
    settings.flatMap(([name]) => (on.has(effectOf(name)) ? [[name, Number(given[name])]] : [])),
  );
}

/** A teacher's accuracy stands in its own run folder, which need not be at hand. */
async function teacherFigures({ run, sha256 }: Teacher): Promise<TeacherFigures> {
  const text = await readFile(join(run, RUN_FILES.metrics), 'utf8').catch(() => null);
  const accuracy = text === null ? null : (JSON.parse(text) as RunMetrics).test.accuracy;
  return { name: basename(run), sha256, accuracy };
}

function seedsFigures(run: ReportRun, others: readonly ReportRun[]): SeedsFigures {
  // The run itself may be named among them; another run of its seed may not.
  const isItself = ({ recipe, metrics }: ReportRun): boolean =>
    recipe.seed === run.recipe.seed && metrics.test.accuracy === run.metrics.test.accuracy;
  const all = [run, ...others.filter((other) => !isItself(other))];
  const groups = groupRuns(all);
  if (groups.length > 1) {
    throw unmet({
      code: 'bad-usage',
      what: '--seeds',
      expected: `runs of ${run.recipe.name} that differ in their seed alone`,
      got: `${groups.length} kinds: ${groups.map(({ label, runs }) => `${label} (${runs.map(({ folder }) => folder).join(', ')})`).join('; ')}`,
      advice: 'Name runs of the same settings and length, each seed once.',
    });
  }
  const sorted = all.sort((a, b) => a.recipe.seed - b.recipe.seed);
  return {
    runs: sorted.map(({ recipe, metrics }) => ({
      seed: recipe.seed,
      test: { accuracy: metrics.test.accuracy, loss: metrics.test.loss },
      validation: metrics.validation ?? null,
      trainSeconds: metrics.trainSeconds,
    })),
    ...meanAndDeviation(sorted.map(({ metrics }) => metrics.test.accuracy)),
  };
}

/** Shares of images read wrong by epoch, on a scale that shows the last ones too; null where the run has no table of its epochs. */
async function trainingPlot(run: ReportRun): Promise<CardPicture | null> {
  const series = { name: run.recipe.name, runs: [run] as const };
  const columns = { trainAccuracy: 'training, augmented', validationAccuracy: 'validation' };
  const lines = Object.entries(columns).flatMap(([column, name], look): Line[] => {
    const points = epochPoints(series, column)?.filter(([, accuracy]) => accuracy < 1);
    return points?.length
      ? [{ name, points: points.map(([epoch, share]) => [epoch, 100 * (1 - share)]), look, marks: true }]
      : [];
  });
  if (lines.length === 0) return null;
  const { epochs, test } = run.metrics;
  const atEnd: Line[] =
    test.accuracy < 1
      ? [{ name: 'test, at the end', points: [[epochs, 100 * (1 - test.accuracy)]], look: 2, marks: 'only' }]
      : [];
  const y = { name: 'Read wrong (%, logarithmic)', scale: 'logarithmic' } as const;
  const all = [...lines, ...atEnd];
  const drawing = drawChart({ x: epochAxis(lines), y, lines: all, width: 860, height: 300 }, 'wide');
  const png = await sharp(Buffer.from(plainSvg(drawing, 'Images read wrong after each epoch')))
    .png()
    .toBuffer();
  return { png, shown: epochs, of: epochs };
}
