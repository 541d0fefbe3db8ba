import { EXPERIMENT_A } from './experiment-a.js';
import { EXPERIMENT_B } from './experiment-b.js';
import { EXPERIMENT_C } from './experiment-c.js';
import { EXPERIMENT_D } from './experiment-d.js';
import { EXPERIMENT_E } from './experiment-e.js';
import { OWN } from './own.js';
import type { AnyRecipe } from './recipe.js';

/** Every recipe, by its name. */
export const RECIPES = {
  ...OWN,
  ...EXPERIMENT_A,
  ...EXPERIMENT_B,
  ...EXPERIMENT_C,
  ...EXPERIMENT_D,
  ...EXPERIMENT_E,
} satisfies Record<string, AnyRecipe>;

export type RecipeName = keyof typeof RECIPES;

interface RecipeGroup {
  title: string;
  recipes: readonly RecipeName[];
}

const namesOf = <T extends Partial<typeof RECIPES>>(recipes: T) => Object.keys(recipes) as RecipeName[];

/** The recipes by where they come from: our own, and one group for each published report. */
export const RECIPE_GROUPS = {
  own: { title: 'Our own', recipes: namesOf(OWN) },
  A: { title: 'Experiment A: bottleneck ResNet-CNN, three groups', recipes: namesOf(EXPERIMENT_A) },
  B: { title: 'Experiment B: basic-block ResNet, four sweeps', recipes: namesOf(EXPERIMENT_B) },
  C: { title: 'Experiment C: plain CNN, two sweeps', recipes: namesOf(EXPERIMENT_C) },
  D: { title: 'Experiment D: AlexNet against ResNet, and GoogLeNet', recipes: namesOf(EXPERIMENT_D) },
  E: { title: 'Experiment E: ResNet-34', recipes: namesOf(EXPERIMENT_E) },
} satisfies Record<string, RecipeGroup>;

export type RecipeGroupName = keyof typeof RECIPE_GROUPS;
