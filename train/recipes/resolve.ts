import { describe, unmet } from '../../core/errors.js';
import type { Architecture, ArchitectureOptions } from '../models/trunk.js';
import { OPTIMIZERS } from '../optimizers.js';
import { SCHEDULES } from '../schedules.js';
import type { AnyRecipe, TrainingSettings } from './recipe.js';
import { RECIPES, type RecipeName } from './table.js';

type Setting = number | string;

/** What a setting may be. */
interface Rule {
  expected: string;
  accepts(value: Setting): boolean;
}

const number = (expected: string, accepts: (value: number) => boolean): Rule => ({
  expected,
  accepts: (value) => typeof value === 'number' && accepts(value),
});
const integer = (low: number, high: number) =>
  number(
    `an integer from ${low} to ${high}`,
    (value) => Number.isInteger(value) && value >= low && value <= high,
  );
const share = number('a number from 0 to below 1', (value) => value >= 0 && value < 1);
const positive = number('a number above 0', (value) => value > 0 && Number.isFinite(value));
const oneOf = (table: object): Rule => ({
  expected: `one of ${Object.keys(table).join(', ')}`,
  accepts: (value) => Object.hasOwn(table, value),
});

const TRAINING_RULES: { [K in keyof TrainingSettings]: Rule } = {
  epochs: integer(1, 1000),
  batchSize: integer(1, 10_000),
  optimizer: oneOf(OPTIMIZERS),
  learningRate: positive,
  schedule: oneOf(SCHEDULES),
  warmup: share,
  beta1: share,
  beta2: share,
  epsilon: positive,
  momentum: share,
  labelSmoothing: share,
  shiftPixels: integer(0, 8),
  validationImages: integer(0, 30_000),
};

const MODEL_RULES: { [A in Architecture]: { [K in keyof ArchitectureOptions[A]]: Rule } } = {
  bottleneck: {
    filters: integer(1, 512),
    blocks: integer(1, 20),
    denseUnits: integer(1, 4096),
    dropout: share,
  },
  compact: { filters: integer(1, 256), blocksPerStage: integer(1, 10) },
  'basic-block': { filters: integer(1, 512), blocks: integer(1, 20), denseUnits: integer(1, 4096) },
  'conv-pairs': {
    filters: integer(1, 64),
    firstDenseUnits: integer(1, 4096),
    secondDenseUnits: integer(1, 4096),
  },
  plain: { firstFilters: integer(1, 512), secondFilters: integer(1, 512), denseUnits: integer(1, 4096) },
};

/** A recipe with every setting decided: `recipe.json`. */
export type ResolvedRecipe = AnyRecipe & { name: string; seed: number };

export const recipeNames = (): RecipeName[] => Object.keys(RECIPES) as RecipeName[];

/**
 * Finds a recipe and applies `key=value` overrides to it.
 * @throws TenfoldError `bad-usage` for an unknown recipe or key, or a value that its key cannot take.
 */
export function resolveRecipe(name: string, seed: number, overrides: readonly string[] = []): ResolvedRecipe {
  if (!Object.hasOwn(RECIPES, name)) {
    throw unmet({
      code: 'bad-usage',
      what: 'the recipe',
      expected: `one of ${recipeNames().join(', ')}`,
      got: describe(name),
      advice: '`tenfold recipes` describes them.',
    });
  }
  const recipe = structuredClone(RECIPES[name as RecipeName]) as AnyRecipe;
  for (const override of overrides) applyOverride(recipe, override);
  return { ...recipe, name, seed };
}

function applyOverride(recipe: AnyRecipe, override: string): void {
  const [, key = '', text = ''] = /^([^=]+)=(.*)$/.exec(override) ?? [];
  const modelRules = MODEL_RULES[recipe.architecture] as Record<string, Rule>;
  const rules: Record<string, Rule> = { ...TRAINING_RULES, ...modelRules };
  const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
  if (!rule) {
    throw unmet({
      code: 'bad-usage',
      what: '--set',
      expected: `key=value with one of the keys ${Object.keys(rules).join(', ')}`,
      got: describe(override),
      advice: 'These are the settings of this recipe.',
    });
  }
  const settings = (Object.hasOwn(modelRules, key) ? recipe.model : recipe.training) as Record<
    string,
    Setting
  >;
  const value = typeof settings[key] === 'number' && text.trim() !== '' ? Number(text) : text;
  if (!rule.accepts(value)) {
    throw unmet({
      code: 'bad-usage',
      what: `--set ${key}`,
      expected: rule.expected,
      got: describe(text),
      advice: `The recipe has ${settings[key]}.`,
    });
  }
  settings[key] = value;
}
