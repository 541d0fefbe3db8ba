import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unmet } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import { overriddenRecipe, resolveRecipe } from '../recipes/resolve.js';
import { writeAtomically } from '../run-folder.js';
import type { SweepPoint } from './table.js';

/** The file of a sweep's folder that says what it consists of and, at its end, what came of it. */
export const SWEEP_FILE = 'sweep.json';

/** What is the same for every run of a sweep, wherever it runs. */
export interface SharedSettings {
  /** Come after the points' own. */
  settings: readonly string[];
  maxSteps?: number | undefined;
  evaluateEvery?: string | undefined;
}

/** One training of a sweep: everything that decides its result but the data. */
export interface RunSpec {
  /** Its folder's name within the sweep's. */
  id: string;
  label: string;
  recipe: string;
  seed: number;
  /** `key=value`, in the order in which they are applied. */
  settings: readonly string[];
  maxSteps?: number | undefined;
  evaluateEvery?: string | undefined;
}

/**
 * Every run of a sweep, seed after seed, so that a sweep that is cut short has all its points.
 * @throws TenfoldError `bad-usage` where a recipe does not exist or cannot take a setting
 */
export function planRuns(
  points: readonly SweepPoint[],
  seeds: readonly number[],
  { settings, ...shared }: SharedSettings,
): RunSpec[] {
  const slugs = uniqueSlugs(points.map(({ label }) => label));
  return seeds.flatMap((seed) =>
    points.map(({ label, recipe, overrides }, at) => {
      const all = [...overrides, ...settings];
      resolveRecipe(recipe, seed, all);
      return { id: `${slugs[at]}-seed${seed}`, label, recipe, seed, settings: all, ...shared };
    }),
  );
}

/** Names that are folders on every system, one a label. */
function uniqueSlugs(labels: readonly string[]): string[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    const slug = slugOf(label);
    let unique = slug;
    for (let number = 2; taken.has(unique); number++) unique = `${slug}-${number}`;
    taken.add(unique);
    return unique;
  });
}

/** `group 1: 32 filters, 2 blocks` -> `group-1-32-filters-2-blocks`. */
export const slugOf = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80) || 'point';

/**
 * The keys of the settings that points name themselves or differ in. That recipes differ in `epochs` does not count, since all may be
 * cut short alike.
 * @throws TenfoldError `bad-usage` where a recipe does not exist or cannot take a setting; that the settings go together,
 * with those for all, is for {@link planRuns} to see
 */
export function variedSettings(points: readonly SweepPoint[]): Set<string> {
  const values = new Map<string, Set<string | number>>();
  for (const { recipe, overrides } of points) {
    const { model, training } = overriddenRecipe(recipe, overrides);
    for (const [key, value] of Object.entries({ ...model, ...training })) {
      values.set(key, (values.get(key) ?? new Set()).add(value));
    }
  }
  const named = points.flatMap(({ overrides }) => overrides.map(keyOf));
  const differing = [...values].filter(([key, seen]) => key !== 'epochs' && seen.size > 1);
  return new Set([...named, ...differing.map(([key]) => key)]);
}

/** The key of `key=value`. */
export const keyOf = (setting: string): string => setting.slice(0, setting.indexOf('='));

/** What `sweep.json` holds before there is a result. */
export interface SweepPlan {
  name: string;
  title: string;
  /** Tells the sweep's jobs from others' in a queue. */
  sweep: string;
  runs: readonly RunSpec[];
  /** Of earlier commands in the same folder, no part of the latest one. */
  otherRuns?: readonly RunSpec[];
}

/**
 * The plan of an earlier sweep in that folder, or null.
 * @throws TenfoldError `corrupt` where its file is not what a sweep writes
 */
export async function readPlan(folder: string): Promise<SweepPlan | null> {
  const path = join(folder, SWEEP_FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const advice = 'Name another folder by --out.';
  const plan = parseJson(text, path, 'corrupt', advice) as Partial<SweepPlan> | null;
  if (typeof plan?.sweep === 'string' && Array.isArray(plan.runs)) return plan as SweepPlan;
  throw unmet({ code: 'corrupt', what: path, expected: 'a sweep and its runs', got: 'neither', advice });
}

export const writePlan = (folder: string, plan: SweepPlan | object): Promise<void> =>
  writeAtomically(
    join(folder, SWEEP_FILE),
    `${JSON.stringify(plan, null, 2)}\n`,
    'then give the same command again',
  );

/**
 * Holds a sweep to what its folder has from an earlier one: runs of the same folder must be the same runs. Seeds and
 * points may have come or gone.
 * @throws TenfoldError `bad-usage` where a run of that folder has other settings
 */
export function requireSameRuns(earlier: SweepPlan, runs: readonly RunSpec[], folder: string): void {
  const before = new Map(allRuns(earlier).map((run) => [run.id, identity(run)]));
  for (const run of runs) {
    const had = before.get(run.id);
    if (had === undefined || had === identity(run)) continue;
    throw unmet({
      code: 'bad-usage',
      what: `the run ${run.id} of ${folder}`,
      expected: had,
      got: identity(run),
      advice: 'Go on by the same settings, or name another folder by --out.',
    });
  }
}

/** The plan's runs and those that earlier ones had. */
export const allRuns = ({ runs, otherRuns = [] }: SweepPlan): RunSpec[] => [...runs, ...otherRuns];

const identity = ({ recipe, settings, maxSteps, evaluateEvery }: RunSpec): string =>
  [
    recipe,
    ...settings,
    ...(maxSteps === undefined ? [] : [`--max-steps ${maxSteps}`]),
    ...(evaluateEvery === undefined ? [] : [`--evaluate-every ${evaluateEvery}`]),
  ].join(' ');
