import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unmet } from '../core/errors.js';
import type { Mnist } from '../train/dataset/mnist.js';
import { DEFAULTS } from '../train/recipes/defaults.js';
import type { ResolvedRecipe } from '../train/recipes/resolve.js';
import { hashOfData } from '../train/run-data.js';
import { recipeOf } from '../train/run-folder.js';
import { RUNS_FOLDER } from './places.js';

/** Where a training goes, and whether it goes on with what is there. */
export interface RunPlace {
  folder: string;
  resume: boolean;
}

export interface RunPlaceOptions {
  /** The folder that was named; without one runs go into `runs/NAME-seedN`. */
  out: string | undefined;
  resume: boolean;
  /** Whether the run is one of several seeds, all of which are of the settings asked for, and whose turn may not have come before. */
  isOneOfSeveral: boolean;
}

/**
 * Where to train: in the folder named, else in the first of `runs/NAME-seedN`, `-2`, `-3` and so on that is not there. What goes on is
 * the run of the folder named, by its own settings, else the last of these of the settings and the data asked for.
 * @throws TenfoldError `bad-usage` where there are runs to go on with, but of other settings or other data; `corrupt` where the recipe of
 * one is not whole
 */
export async function placeOf(
  wanted: ResolvedRecipe,
  mnist: Mnist,
  { out, resume, isOneOfSeveral }: RunPlaceOptions,
): Promise<RunPlace> {
  const usual = `${wanted.name}-seed${wanted.seed}`;
  const fresh = { folder: out ?? freshFolder(join(RUNS_FOLDER, usual)), resume: false };
  if (!resume) return fresh;
  if (out !== undefined && !isOneOfSeveral) return { folder: out, resume };
  const dataSha256 = hashOfData(mnist);
  let other: { folder: string; differences: string[] } | undefined;
  for (const folder of out === undefined ? numberedFolders(usual) : [out]) {
    const recipe = await recipeOf(folder);
    if (!recipe) continue;
    const differences = differencesOf(recipe, { ...wanted, dataSha256 });
    if (differences.length === 0) return { folder, resume };
    other ??= { folder, differences };
  }
  if (isOneOfSeveral && (out === undefined || other === undefined)) return fresh;
  if (other === undefined) return { folder: join(RUNS_FOLDER, usual), resume };
  throw unmet({
    code: 'bad-usage',
    what: '--resume',
    expected: 'a run of the settings and the data asked for',
    got: `${other.folder}, which has ${other.differences.join(', ')}`,
    advice: isOneOfSeveral
      ? 'Give what it began with, or name another folder by --out.'
      : `Give what it began with, go on by its own settings by --out ${other.folder}, or leave --resume out to train anew.`,
  });
}

/** The folder, or the first of `folder-2`, `folder-3`, ... that is not there yet. */
function freshFolder(folder: string): string {
  let fresh = folder;
  for (let number = 2; existsSync(fresh); number++) fresh = `${folder}-${number}`;
  return fresh;
}

/** Those of `runs/NAME`, `runs/NAME-2`, `runs/NAME-3`, ... that are there, the highest number first. */
function numberedFolders(name: string): string[] {
  const numberOf = (entry: string): number => {
    if (entry === name) return 1;
    const suffix = entry.startsWith(`${name}-`) ? entry.slice(name.length + 1) : '';
    return /^[1-9]\d*$/.test(suffix) ? Number(suffix) : 0;
  };
  return (existsSync(RUNS_FOLDER) ? readdirSync(RUNS_FOLDER) : [])
    .filter((entry) => numberOf(entry) > 0)
    .sort((one, next) => numberOf(next) - numberOf(one))
    .map((entry) => join(RUNS_FOLDER, entry));
}

/** What a run has otherwise than was asked for, as `epochs 5 instead of 2`; one of an earlier version lacks what came later. */
function differencesOf(had: ResolvedRecipe, wanted: ResolvedRecipe): string[] {
  const before: Record<string, unknown> = {
    recipe: had.name,
    seed: had.seed,
    ...had.model,
    ...DEFAULTS,
    ...had.training,
  };
  const now = { recipe: wanted.name, seed: wanted.seed, ...wanted.model, ...wanted.training };
  const settings = Object.entries(now).flatMap(([key, value]) =>
    key in before && before[key] !== value ? [`${key} ${before[key]} instead of ${value}`] : [],
  );
  const isOtherData = had.dataSha256 !== undefined && had.dataSha256 !== wanted.dataSha256;
  return [...settings, ...(isOtherData ? ['other data'] : [])];
}
