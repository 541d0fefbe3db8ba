import type { LayerClass } from '../../../export/layers/layer-call.js';
import { l } from '../support.js';
import { ACTIVATION_LAYERS } from './activations.js';
import { type Case, cases, IMAGE, SEQUENCE } from './case.js';
import { CONVOLUTIONS } from './convolutions.js';
import { MERGES } from './merges.js';
import { NORMALIZATIONS } from './normalizations.js';
import { POOLS } from './pools.js';
import { SHAPES } from './shapes.js';

/** What acts in training only. */
const PASSED = {
  AlphaDropout: cases(IMAGE, [{ rate: 0.5 }], l.alphaDropout),
  Dropout: cases(IMAGE, [{ rate: 0.5 }, { rate: 0 }], l.dropout),
  GaussianDropout: cases(IMAGE, [{ rate: 0.5 }], l.gaussianDropout),
  GaussianNoise: cases(IMAGE, [{ stddev: 0.5 }], l.gaussianNoise),
  SpatialDropout1D: cases(SEQUENCE, [{ rate: 0.5 }], l.spatialDropout1d),
};

/** Every layer over a grid of its options; an InputLayer stands in each. */
export const GRIDS: { readonly [K in Exclude<LayerClass, 'InputLayer'>]: readonly Case[] } = {
  ...ACTIVATION_LAYERS,
  ...CONVOLUTIONS,
  ...MERGES,
  ...NORMALIZATIONS,
  ...PASSED,
  ...POOLS,
  ...SHAPES,
};
