import type { RecipeName } from '../train/recipes/table.js';

/**
 * The recipes whose training step is measured, at their own batch sizes: experiment A's groups 1 and 2, the yardstick,
 * experiments B and C. Each has its counterpart in `peers/train_torch.py`.
 */
export const NETWORKS = [
  'bottleneck-32x2',
  'bottleneck-64x2',
  'speedrun',
  'basic-block-64x3',
  'conv-pairs-16x4',
] as const satisfies readonly RecipeName[];

export type Network = (typeof NETWORKS)[number];
