import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unmet } from '../../core/errors.js';
import { unwritable } from '../../core/file-errors.js';
import { RUN_FILES } from '../../core/run.js';
import type { RecipeName } from '../recipes/table.js';
import { changedSettings } from '../reports/groups.js';
import { type ReportRun, readReportRun } from '../reports/read-run.js';
import { MNIST_SHA256 } from '../run-data.js';
import { writeAtomically } from '../run-folder.js';
import { SWEEPS } from '../sweeps/table.js';
import { EXPERIMENTS } from './experiments.js';

/** What is kept of a run: all that its figures come from, and none of its weights. */
const KEPT = [RUN_FILES.recipe, RUN_FILES.epochs, RUN_FILES.metrics] as const;

/** The recipes that the document shows. */
const RECIPES = new Set<string>(
  Object.values(EXPERIMENTS)
    .flatMap(({ sweeps }) => sweeps)
    .flatMap((sweep) => SWEEPS[sweep].points.map(({ recipe }) => recipe)),
);

/** Every run of which a record is kept, by recipe and seed; none where there is no such folder. */
export async function readRecords(records: string): Promise<ReportRun[]> {
  const names = await readdir(records, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const folders = names.filter((entry) => entry.isDirectory()).map(({ name }) => join(records, name));
  const runs = await Promise.all(folders.map(readReportRun));
  const order = [...RECIPES];
  return runs.sort(
    (a, b) => order.indexOf(a.recipe.name) - order.indexOf(b.recipe.name) || a.recipe.seed - b.recipe.seed,
  );
}

/**
 * Keeps records of finished runs, each in the place of an earlier one of its recipe and seed; none where one is refused.
 * @returns the records' folders
 * @throws TenfoldError `bad-input` where a run is not of an experiment's recipe as it stands, but for its epochs, or not of MNIST, where two
 * are of one recipe and seed, or where the record there is of more epochs; what reading a run throws; `failed` where a record cannot be written
 */
export async function keepRecords(folders: readonly string[], records: string): Promise<string[]> {
  const kept: { folder: string; record: string }[] = [];
  for (const folder of folders) {
    const run = await readReportRun(folder);
    requireOfExperiment(run);
    requireOfMnist(run);
    const { name, seed } = run.recipe;
    const record = join(records, `${name as RecipeName}-seed${seed}`);
    requireOnce(folder, kept.find((other) => other.record === record)?.folder);
    await requireLonger(run, record);
    kept.push({ folder, record });
  }
  for (const { folder, record } of kept) await keep(folder, record);
  return kept.map(({ record }) => record);
}

async function keep(folder: string, record: string): Promise<void> {
  await mkdir(record, { recursive: true }).catch((cause) => {
    throw unwritable(cause, record, 'or name another folder by --records');
  });
  for (const file of KEPT) {
    const text = await readFile(join(folder, file), 'utf8');
    const kept = file === RUN_FILES.metrics ? withoutPlace(text, basename(record)) : text;
    await writeAtomically(join(record, file), kept, 'then keep it again');
  }
}

/** Where on somebody's machine the run was is nobody else's: it goes by its record's name. */
const withoutPlace = (metrics: string, run: string): string =>
  `${JSON.stringify({ ...JSON.parse(metrics), run }, null, 2)}\n`;

function requireOfExperiment(run: ReportRun): void {
  const { name } = run.recipe;
  const refuse = (got: string) =>
    unmet({
      code: 'bad-input',
      what: run.folder,
      expected: "a run of an experiment's recipe as it stands, its epochs apart",
      got,
      advice: 'Train it without --set, or leave it out; see tenfold recipes.',
    });
  if (!RECIPES.has(name)) throw refuse(`the recipe ${name}`);
  const changed = (changedSettings(run) ?? []).filter(({ key }) => key !== 'epochs');
  if (changed.length > 0) throw refuse(changed.map(({ key, value }) => `${key} ${value}`).join(', '));
  if (run.metrics.machine === undefined)
    throw refuse('one of an earlier version, which does not say on what machine');
  if (run.epochs.rows < 1 || run.epochs.rows !== run.metrics.epochs) {
    throw refuse(`one of ${run.metrics.epochs} whole epochs, ${run.epochs.rows} of them in its table`);
  }
}

/** The tables and published figures are of MNIST. A run of an earlier version, which does not say, is taken for one of it. */
function requireOfMnist({ folder, recipe: { dataSha256 = MNIST_SHA256 } }: ReportRun): void {
  if (dataSha256 === MNIST_SHA256) return;
  throw unmet({
    code: 'bad-input',
    what: folder,
    expected: `a run on MNIST as it is bundled (${MNIST_SHA256})`,
    got: `one on data of the hash ${dataSha256}`,
    advice: 'Train it without --data, or leave it out.',
  });
}

function requireOnce(folder: string, other: string | undefined): void {
  if (other === undefined) return;
  throw unmet({
    code: 'bad-input',
    what: folder,
    expected: 'one run of a recipe and seed',
    got: `another one, ${other}`,
    advice: 'Name only the one whose record is to be kept.',
  });
}

async function requireLonger({ folder, metrics }: ReportRun, record: string): Promise<void> {
  const earlier = await readReportRun(record).catch(() => null);
  if (earlier === null || earlier.metrics.epochs <= metrics.epochs) return;
  throw unmet({
    code: 'bad-input',
    what: folder,
    expected: `at least the ${earlier.metrics.epochs} epochs of ${record}`,
    got: String(metrics.epochs),
    advice: 'Remove that record first, if this one shall stand in its place.',
  });
}
