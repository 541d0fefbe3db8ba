import type { KernelName } from '../../../../train/ort-backend/lowerings/kernels.js';
import type { CaseTable } from '../case.js';
import { BINARY_CASES, SELECTION_CASES } from './binary.js';
import { BLOCKS_CASES } from './blocks.js';
import { CONVOLUTION_CASES } from './convolution.js';
import { DEPTHWISE_CASES } from './depthwise.js';
import { GATHER_CASES, PICKING_CASES, SCATTER_CASES } from './indexing.js';
import { MATMUL_CASES } from './matmul.js';
import { NORMALIZATION_CASES } from './normalization.js';
import { POOL_CASES } from './pool.js';
import { REDUCE_CASES } from './reduce.js';
import { LOCAL_RESPONSE_CASES, RESIZE_CASES } from './resize.js';
import { SCAN_CASES } from './scan.js';
import { SHAPE_CASES } from './shape.js';
import { PARAMETRIC_CASES, UNARY_CASES } from './unary.js';
import { VOLUME_CASES } from './volume.js';

/** What is checked of every kernel; a kernel without an entry does not compile. */
export const CASES: CaseTable<KernelName> = {
  ...BINARY_CASES,
  ...BLOCKS_CASES,
  ...CONVOLUTION_CASES,
  ...DEPTHWISE_CASES,
  ...GATHER_CASES,
  ...LOCAL_RESPONSE_CASES,
  ...MATMUL_CASES,
  ...NORMALIZATION_CASES,
  ...PARAMETRIC_CASES,
  ...PICKING_CASES,
  ...POOL_CASES,
  ...REDUCE_CASES,
  ...RESIZE_CASES,
  ...SCAN_CASES,
  ...SCATTER_CASES,
  ...SELECTION_CASES,
  ...SHAPE_CASES,
  ...UNARY_CASES,
  ...VOLUME_CASES,
};
