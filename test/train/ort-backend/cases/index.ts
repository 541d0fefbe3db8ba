import type { KernelName } from '../../../../train/ort-backend/lowerings/kernels.js';
import type { CaseTable } from '../case.js';
import { BINARY_CASES, SELECTION_CASES } from './binary.js';
import { CONVOLUTION_CASES } from './convolution.js';
import { MATMUL_CASES } from './matmul.js';
import { NORMALIZATION_CASES } from './normalization.js';
import { POOL_CASES } from './pool.js';
import { REDUCE_CASES } from './reduce.js';
import { SHAPE_CASES } from './shape.js';
import { PARAMETRIC_CASES, UNARY_CASES } from './unary.js';

/** What is checked of every kernel; a kernel without an entry does not compile. */
export const CASES: CaseTable<KernelName> = {
  ...BINARY_CASES,
  ...CONVOLUTION_CASES,
  ...MATMUL_CASES,
  ...NORMALIZATION_CASES,
  ...PARAMETRIC_CASES,
  ...POOL_CASES,
  ...REDUCE_CASES,
  ...SELECTION_CASES,
  ...SHAPE_CASES,
  ...UNARY_CASES,
};
