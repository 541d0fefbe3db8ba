import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { RUN_FILES } from '../core/run.js';
import { loadRun } from './load-run.js';
import type { ResolvedRecipe } from './recipes/resolve.js';

/** A run that another one learned from, as its `recipe.json` records it. */
export interface Teacher {
  /** The run folder, as it was named. */
  run: string;
  /** Of `model.json` and `weights.bin`, one after the other. */
  sha256: string;
}

/** @throws TenfoldError `not-found` where the run has saved no network */
async function teacherIn(run: string): Promise<Teacher> {
  const hash = createHash('sha256');
  for (const name of ['model', 'weights'] as const) {
    hash.update(await readFile(join(run, RUN_FILES[name])).catch((cause) => refuse(run, cause)));
  }
  return { run, sha256: hash.digest('hex') };
}

function refuse(run: string, cause: NodeJS.ErrnoException): never {
  throw unmet({
    code: 'not-found',
    what: '--teacher',
    expected: `a run that finished an epoch (a folder with ${RUN_FILES.model} and ${RUN_FILES.weights})`,
    got: `${run} (${cause.message})`,
    advice: 'Train the teacher first, or name another folder.',
    cause,
  });
}

/**
 * The recipe with its teachers: those named, which must be those of the run that goes on, if one does; else those that it recorded.
 * @throws TenfoldError `bad-usage` where the recipe asks for teachers and there are none, or the other way round, or where a run that goes
 * on had others; `not-found` where one has saved no network
 */
export async function withTeachers(
  recipe: ResolvedRecipe,
  named: readonly string[],
): Promise<ResolvedRecipe> {
  const recorded = recipe.teachers;
  const folders = named.length > 0 ? named : (recorded ?? []).map(({ run }) => run);
  requireUse(recipe, folders);
  if (folders.length === 0) return recipe;
  const teachers = await Promise.all(folders.map(teacherIn));
  if (recorded) requireSame(recorded, teachers);
  return { ...recipe, teachers };
}

function requireUse({ training }: ResolvedRecipe, folders: readonly string[]): void {
  const { distillationWeight = 0 } = training;
  if (distillationWeight > 0 === folders.length > 0) return;
  throw unmet({
    code: 'bad-usage',
    what: `distillationWeight ${folders.length > 0 ? 'with' : 'without'} a teacher`,
    expected: folders.length > 0 ? 'a share above 0' : '0',
    got: String(distillationWeight),
    advice:
      'Name a run to learn from by --teacher, and how much by --set distillationWeight=0.5; or neither.',
  });
}

function requireSame(recorded: readonly Teacher[], teachers: readonly Teacher[]): void {
  const hashes = (all: readonly Teacher[]) => all.map(({ sha256 }) => sha256).join(', ');
  if (hashes(recorded) === hashes(teachers)) return;
  throw unmet({
    code: 'bad-usage',
    what: 'the teachers of a run that goes on',
    expected: `those that it began with, ${hashes(recorded)}`,
    got: `${hashes(teachers)} (${teachers.map(({ run }) => run).join(', ')})`,
    advice: 'Name folders with the same networks by --teacher, in the same order, or train anew.',
  });
}

/** The teachers' networks, on the current backend. */
export async function loadTeachers({ teachers = [] }: ResolvedRecipe): Promise<LayersModel[]> {
  const networks: LayersModel[] = [];
  for (const { run } of teachers) networks.push(await loadRun(run));
  return networks;
}
