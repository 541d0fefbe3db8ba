import { basename, dirname, join, resolve } from 'node:path';
import { BUNDLES_FOLDER, RUNS_FOLDER } from '../places.js';
import type { TrainingFacts } from './training.js';

const PROGRAM = 'node bin/tenfold.js';

/** Whether the bundle comes with the package, which cuts whole numbers into digits as fits this one. */
const isShipped = (bundle: string): boolean => basename(dirname(resolve(bundle))) === 'models';

/** The bundle's folder as it is called from the repository's root: the rest of its path is the machine's own. */
const bundlePath = (bundle: string): string =>
  join(isShipped(bundle) ? 'models' : BUNDLES_FOLDER, basename(resolve(bundle)));

/** What a card was made of. */
export interface Made {
  training: Pick<TrainingFacts, 'run' | 'seeds' | 'settings'> | null;
  /** In which the bundle has its graph beside single precision. */
  precisions: readonly string[];
  /** Of each suite, where not all were measured. */
  images: number | null;
}

/** The commands that make a bundle and its card again, from the repository's root and into the folders that commands take of themselves. */
export function reproducingCommands(bundle: string, { training, precisions, images }: Made): string[] {
  const out = bundlePath(bundle);
  const few = images === null ? '' : ` --images ${images}`;
  if (!training) return [`${PROGRAM} card ${out}${few}`];
  const { run, seeds, settings } = training;
  const folder = (seed: number) => join(RUNS_FOLDER, `${run.recipe}-seed${seed}`);
  const set = settings.map((setting) => ` --set ${setting}`).join('');
  const teachers = run.teachers.map(({ name }) => join(RUNS_FOLDER, name)).join(',');
  const taught = teachers === '' ? '' : ` --teacher ${teachers}`;
  const train = `${PROGRAM} train --recipe ${run.recipe}`;
  // Sums come out differently by so many threads.
  const threads = run.threads ? ` --threads ${run.threads}` : '';
  const rest = `${set}${taught}${threads}`;
  const others = (seeds?.runs ?? []).map(({ seed }) => seed).filter((seed) => seed !== run.seed);
  const named = others.length === 0 ? '' : ` --seeds ${others.map(folder).join(',')}`;
  return [
    `${train} --seed ${run.seed}${rest}`,
    ...(others.length === 0 ? [] : [`${train} --seeds ${others.join(',')}${rest}`]),
    `${PROGRAM} export ${folder(run.seed)} --out ${out}`,
    ...(precisions.length === 0 ? [] : [`${PROGRAM} export ${out} --precision ${precisions.join(',')}`]),
    ...(isShipped(bundle) ? [`${PROGRAM} fit-pieces ${out} && npm run build`] : []),
    `${PROGRAM} card ${out} --run ${folder(run.seed)}${named}${few}`,
  ];
}
