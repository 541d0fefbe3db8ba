import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { PYTORCH_NORMALIZATION } from './layers.js';
import type { Trunk } from './trunk.js';

/**
 * Experiment C: four convolutions 3x3 without padding, each twice as wide as the one before and followed by batch normalisation
 * and an activation; a pool after every second one (28 -> 24 -> 12 -> 8 -> 4 pixels a side).
 */
export const convPairsTrunk: Trunk<'conv-pairs'> = (
  image,
  make,
  { filters, kernelSize, poolSize, firstDenseUnits, secondDenseUnits, activation },
) => {
  const convolve = (x: SymbolicTensor, width: number) =>
    make.activate(
      make.batchNorm(make.convolution(x, { filters: width, kernelSize }), PYTORCH_NORMALIZATION),
      activation,
    );
  const pair = (x: SymbolicTensor, width: number) =>
    make.maxPool(convolve(convolve(x, width), 2 * width), poolSize);

  const features = make.flatten(pair(pair(image, filters), 4 * filters));
  const hidden = make.dense(features, { units: firstDenseUnits, activation });
  return make.dense(hidden, { units: secondDenseUnits, activation });
};
