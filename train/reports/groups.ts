import { basename } from 'node:path';
import { NO_AUGMENTATION } from '../augment/settings.js';
import { PUBLISHED, type PublishedFigures } from '../recipes/published.js';
import { RECIPES, type RecipeName } from '../recipes/table.js';
import { MNIST_SHA256 } from '../run-data.js';
import type { ReportRun, Setting } from './read-run.js';

/** Runs that differ in nothing but their seed. */
export interface RunGroup {
  label: string;
  /** At least one. */
  runs: readonly [ReportRun, ...ReportRun[]];
  /** What a published report says of the recipe, whatever settings these runs changed. */
  published: PublishedFigures | undefined;
  /** Where these runs differ from the recipe as it stands in this program: `epochs 3 instead of 10`. */
  changes: string[];
}

interface Named {
  run: ReportRun;
  label: string | undefined;
  published: PublishedFigures | undefined;
}

type Settings = Record<string, Setting>;

/** All settings of a run; one of an earlier version went without the augmentation that came later. */
export const settingsOf = ({ recipe }: ReportRun): Settings => ({
  ...recipe.model,
  ...NO_AUGMENTATION,
  ...recipe.training,
});

/** Of the data that a run was trained on; one of an earlier version, which does not say, is taken for one of MNIST. */
const dataOf = ({ recipe }: ReportRun): string => recipe.dataSha256 ?? MNIST_SHA256;

export const isOfMnist = (run: ReportRun): boolean => dataOf(run) === MNIST_SHA256;

/** Where training ends by itself, when it does is a result, and differs between seeds. */
const stepsAsked = ({ recipe, metrics }: ReportRun): number | null =>
  Number(recipe.training.patience ?? 0) > 0 ? null : metrics.steps;

/**
 * Puts runs together that share label, recipe, settings, data, teachers, steps and device and differ in their seed, in the order in
 * which they come.
 * @param labels what to call each run; without them a group is called by its recipe and the settings that tell it from others
 * @param published figures for each run; without them those of its recipe
 */
export function groupRuns(
  runs: readonly ReportRun[],
  labels?: readonly string[],
  published?: readonly (PublishedFigures | undefined)[],
): RunGroup[] {
  const gathered = new Map<string, { named: Named[]; seeds: Set<number> }>();
  for (const [index, run] of runs.entries()) {
    const { name, architecture, seed, teachers } = run.recipe;
    const { backend, device } = run.metrics;
    const label = labels?.[index];
    const taught = teachers.map(({ sha256 }) => sha256);
    const settings = settingsOf(run);
    const key = JSON.stringify([
      label,
      name,
      architecture,
      settings,
      dataOf(run),
      taught,
      stepsAsked(run),
      backend,
      device,
    ]);
    const named = { run, label, published: published ? published[index] : publishedOf(name) };
    // The same seed twice is a repetition: it stands for itself, or it would count twice.
    let place = key;
    while (gathered.get(place)?.seeds.has(seed)) place += '+';
    const group = gathered.get(place) ?? { named: [], seeds: new Set() };
    group.named.push(named);
    group.seeds.add(seed);
    gathered.set(place, group);
  }
  const groups = [...gathered.values()].map(({ named }) => named as [Named, ...Named[]]);
  const names = distinctNames(groups.map(([{ run }]) => run));
  return groups.map((named, index) => ({
    label: named[0].label ?? names[index]!,
    runs: named.map(({ run }) => run) as [ReportRun, ...ReportRun[]],
    published: named[0].published,
    changes: changesOf(named[0].run),
  }));
}

const publishedOf = (name: string): PublishedFigures | undefined =>
  Object.hasOwn(PUBLISHED, name) ? PUBLISHED[name as RecipeName] : undefined;

/** Names for runs: their recipe where recipes differ, and the settings in which those of one recipe differ. */
function distinctNames(runs: readonly ReportRun[]): string[] {
  const recipes = new Set(runs.map(({ recipe }) => recipe.name));
  const names = runs.map((run) => {
    const alike = runs.filter(({ recipe }) => recipe.name === run.recipe.name);
    const varied = variedSettings(alike).map((key) => `${key} ${distinguishing(run)[key] ?? 'unset'}`);
    const parts = recipes.size > 1 || varied.length === 0 ? [run.recipe.name, ...varied] : varied;
    return parts.join(', ');
  });
  return names.map((name, index) =>
    names.filter((other) => other === name).length > 1 ? `${name} (${basename(runs[index]!.folder)})` : name,
  );
}

/** Of a hash: enough to tell some data from other. */
const SHOWN_OF_HASH = 12;

const distinguishing = (run: ReportRun): Settings => ({
  ...settingsOf(run),
  data: isOfMnist(run) ? 'MNIST' : dataOf(run).slice(0, SHOWN_OF_HASH),
  ...(run.recipe.teachers.length > 0 && {
    teachers: run.recipe.teachers.map((teacher) => teacher.run).join(' and '),
  }),
  steps: stepsAsked(run),
  backend: run.metrics.backend,
  device: run.metrics.device,
});

/** Steps follow from other settings, so they are named only where nothing else differs. */
function variedSettings(runs: readonly ReportRun[]): string[] {
  const all = runs.map(distinguishing);
  const keys = [...new Set(all.flatMap(Object.keys))];
  const varied = keys.filter((key) => new Set(all.map((settings) => settings[key])).size > 1);
  const chosen = varied.filter((key) => key !== 'steps');
  return chosen.length > 0 ? chosen : varied;
}

/** A setting that is not as the recipe has it. */
export interface ChangedSetting {
  key: string;
  value: Setting;
  original: Setting;
}

/** Where a run differs from its recipe as it stands in this program; null where there is no such recipe. */
export function changedSettings(run: ReportRun): ChangedSetting[] | null {
  const { name } = run.recipe;
  if (!Object.hasOwn(RECIPES, name)) return null;
  const { model, training } = RECIPES[name as RecipeName];
  const own = settingsOf(run);
  return Object.entries({ ...model, ...training } as Settings).flatMap(([key, original]) =>
    key in own && own[key] !== original ? [{ key, value: own[key]!, original }] : [],
  );
}

function changesOf(run: ReportRun): string[] {
  const changed = changedSettings(run);
  if (!changed) return ['the recipe is not one of this version'];
  const texts = [
    ...changed.map(({ key, value, original }) => `${key} ${value} instead of ${original}`),
    ...(isOfMnist(run) ? [] : ['other data than MNIST']),
  ];
  const { metrics, recipe } = run;
  const { epochs } = recipe.training;
  const isCut = typeof epochs === 'number' && metrics.epochs < epochs;
  if (!isCut) return texts;
  const isWithinEpoch = run.epochs.rows > metrics.epochs;
  const end = isWithinEpoch
    ? `${metrics.steps} steps, in epoch ${metrics.epochs + 1} of ${epochs}`
    : `${metrics.epochs} of ${epochs} epochs`;
  return [...texts, `ended after ${end}`];
}

/** A line of a comparison: a group by the mean of its runs, or one run. */
export interface Series {
  name: string;
  runs: readonly [ReportRun, ...ReportRun[]];
}

/** The lines of a report's plots: its groups, or the runs of its only group by their seeds. */
export function seriesOf(groups: readonly RunGroup[]): Series[] {
  const [only] = groups;
  if (groups.length !== 1 || !only) return groups.map(({ label, runs }) => ({ name: label, runs }));
  if (only.runs.length === 1) return [{ name: only.label, runs: only.runs }];
  return only.runs.map((run) => ({ name: `seed ${run.recipe.seed}`, runs: [run] }));
}
