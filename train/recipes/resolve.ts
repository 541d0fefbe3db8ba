import { describe, unmet } from '../../core/errors.js';
import { askWhetherMeant } from '../../core/nearest.js';
import type { EvaluateEvery } from '../fit.js';
import type { Teacher } from '../teachers.js';
import { MODEL_RULES } from './model-rules.js';
import type { AnyRecipe } from './recipe.js';
import type { Rule, Setting } from './rules.js';
import { RECIPES, type RecipeName } from './table.js';
import { requireConsistent, TRAINING_RULES } from './training-rules.js';
import { adoptDefaults } from './used-settings.js';

/** A recipe with every setting decided: `recipe.json`. */
export type ResolvedRecipe = AnyRecipe & {
  name: string;
  seed: number;
  teachers?: readonly Teacher[];
  /** Of the data that a run began with (`hashOfData`); absent in runs of earlier versions, as is the next. */
  dataSha256?: string;
  /** As a run was told last. */
  evaluateEvery?: EvaluateEvery;
};

export const recipeNames = (): RecipeName[] => Object.keys(RECIPES) as RecipeName[];

/**
 * Finds a recipe and applies `key=value` overrides to it.
 * @throws TenfoldError `bad-usage` for an unknown recipe or key, a value that its key cannot take, or settings that do not go together
 */
export function resolveRecipe(name: string, seed: number, overrides: readonly string[] = []): ResolvedRecipe {
  const recipe = overriddenRecipe(name, overrides);
  requireConsistent(recipe.training);
  return { ...recipe, name, seed };
}

/**
 * As {@link resolveRecipe}, for only a part of what a recipe is given: whether its settings go together is not known yet.
 * @throws TenfoldError `bad-usage` for an unknown recipe or key, or a value that its key cannot take
 */
export function overriddenRecipe(name: string, overrides: readonly string[]): AnyRecipe {
  if (!Object.hasOwn(RECIPES, name)) {
    throw unmet({
      code: 'bad-usage',
      what: 'the recipe',
      expected: `one of ${recipeNames().join(', ')}`,
      got: describe(name),
      advice: `${askWhetherMeant(name, recipeNames())}\`tenfold recipes\` describes them.`,
    });
  }
  const recipe = structuredClone(RECIPES[name as RecipeName]) as AnyRecipe;
  const { optimizer } = recipe.training;
  for (const override of overrides) applyOverride(recipe, override);
  const given = new Set(overrides.map((override) => override.split('=')[0]!));
  adoptDefaults(recipe.training, optimizer, given);
  return recipe;
}

function applyOverride(recipe: AnyRecipe, override: string): void {
  const [, key = '', text = ''] = /^([^=]+)=(.*)$/.exec(override) ?? [];
  const modelRules = MODEL_RULES[recipe.architecture] as Record<string, Rule>;
  const rules: Record<string, Rule> = { ...TRAINING_RULES, ...modelRules };
  const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
  if (!rule) {
    throw unmet({
      code: 'bad-usage',
      what: 'a setting',
      expected: `key=value with one of the keys ${Object.keys(rules).join(', ')}`,
      got: describe(override),
      advice: `${askWhetherMeant(key, Object.keys(rules))}These are the settings of this recipe.`,
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
      what: `the setting ${key}`,
      expected: rule.expected,
      got: describe(text),
      advice: `The recipe has ${settings[key]}.`,
    });
  }
  settings[key] = value;
}
