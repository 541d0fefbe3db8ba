import { CONVOLUTION } from './convolution/index.js';
import { BINARY, UNARY } from './elementwise.js';
import type { KernelName, Table } from './kernels.js';
import { MATMUL } from './matmul.js';
import { NORMALIZATION } from './normalization.js';
import { POOL } from './pool.js';
import { REDUCE } from './reduce.js';
import { SHAPE } from './shape.js';

/** Every kernel that the backend has; one without its lowering does not compile. */
export const LOWERINGS: Table<KernelName> = {
  ...BINARY,
  ...CONVOLUTION,
  ...MATMUL,
  ...NORMALIZATION,
  ...POOL,
  ...REDUCE,
  ...SHAPE,
  ...UNARY,
};
