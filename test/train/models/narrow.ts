import type { Architecture, ArchitectureOptions } from '../../../train/models/trunk.js';
import type { ResolvedRecipe } from '../../../train/recipes/resolve.js';

/** The sizes of each network that only cost time, small; what else a recipe chooses stays its own. */
export const NARROW = {
  bottleneck: { filters: 4, denseUnits: 8 },
  compact: { filters: 4 },
  flagship: { firstFilters: 2, secondFilters: 3, thirdFilters: 4 },
  'basic-block': { filters: 4, denseUnits: 8 },
  'conv-pairs': { filters: 2, firstDenseUnits: 8, secondDenseUnits: 6 },
  alexnet: { filters: 3, denseUnits: 8 },
  'garden-resnet': { filters: 2, blocksPerStage: 2 },
  googlenet: { widthDivisor: 8 },
  'resnet-34': { filters: 2 },
  plain: { firstFilters: 3, secondFilters: 4, denseUnits: 8 },
} satisfies { [A in Architecture]: Partial<ArchitectureOptions[A]> };

/** The same recipe with a narrow network. */
export const narrowed = (recipe: ResolvedRecipe): ResolvedRecipe =>
  ({ ...recipe, model: { ...recipe.model, ...NARROW[recipe.architecture] } }) as ResolvedRecipe;
