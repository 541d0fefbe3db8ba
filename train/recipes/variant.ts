import type { Architecture, ArchitectureOptions } from '../models/trunk.js';
import type { Recipe, TrainingSettings } from './recipe.js';

/** What a variant does otherwise than the recipe that it varies. */
interface Changes<A extends Architecture> {
  summary: string;
  model?: Partial<ArchitectureOptions[A]>;
  training?: Partial<TrainingSettings>;
  /** Of what it changes, and of what the change makes pointless. */
  reasons: Partial<Recipe<A>['reasons']>;
}

/** A recipe that differs from another in a few settings alone. */
export const variant = <A extends Architecture>(
  base: Recipe<A>,
  { summary, model, training, reasons }: Changes<A>,
): Recipe<A> => ({
  ...base,
  summary,
  model: { ...base.model, ...model },
  training: { ...base.training, ...training },
  reasons: { ...base.reasons, ...reasons },
});
