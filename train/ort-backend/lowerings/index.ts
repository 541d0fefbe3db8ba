import { BLOCKS } from './blocks.js';
import { CONVOLUTION_IN_ANY_FORMAT } from './data-format.js';
import { DEPTHWISE } from './depthwise.js';
import { DIVISION } from './division.js';
import { BINARY, UNARY } from './elementwise.js';
import { GATHER } from './gather.js';
import type { KernelName, Table } from './kernels.js';
import { LOCAL_RESPONSE } from './local-response.js';
import { MATMUL } from './matmul.js';
import { NORMALIZATION } from './normalization.js';
import { POOL } from './pool.js';
import { REDUCE } from './reduce.js';
import { RESIZE } from './resize.js';
import { SCAN } from './scan.js';
import { SCATTER } from './scatter.js';
import { SELECTION } from './selection.js';
import { SHAPE } from './shape.js';
import { VOLUME } from './volume.js';

/** Every kernel that is lowered; one without its lowering does not compile. */
export const LOWERINGS: Table<KernelName> = {
  ...BINARY,
  ...BLOCKS,
  ...CONVOLUTION_IN_ANY_FORMAT,
  ...DEPTHWISE,
  ...DIVISION,
  ...GATHER,
  ...LOCAL_RESPONSE,
  ...MATMUL,
  ...NORMALIZATION,
  ...POOL,
  ...REDUCE,
  ...RESIZE,
  ...SCAN,
  ...SCATTER,
  ...SELECTION,
  ...SHAPE,
  ...UNARY,
  ...VOLUME,
};
