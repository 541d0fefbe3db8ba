import { EXPERIMENT_A } from './experiment-a.js';
import { EXPERIMENT_B } from './experiment-b.js';
import { EXPERIMENT_C } from './experiment-c.js';
import { OWN } from './own.js';
import type { AnyRecipe } from './recipe.js';

/** Every recipe, by its name. */
export const RECIPES = {
  ...OWN,
  ...EXPERIMENT_A,
  ...EXPERIMENT_B,
  ...EXPERIMENT_C,
} satisfies Record<string, AnyRecipe>;

export type RecipeName = keyof typeof RECIPES;
