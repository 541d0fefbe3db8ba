import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Trunk } from './trunk.js';

/** PyTorch's defaults of batch normalisation; it counts the new average's share (0.1), Keras the old one's. */
const NORMALIZATION = { momentum: 0.9, epsilon: 1e-5 };

/**
 * Experiment C: four convolutions 3x3 without padding, each twice as wide as the one before and followed by batch normalisation
 * and ReLU; a pool after every second one (28 -> 24 -> 12 -> 8 -> 4 pixels a side).
 */
export const convPairsTrunk: Trunk<'conv-pairs'> = (
  image,
  make,
  { filters, firstDenseUnits, secondDenseUnits },
) => {
  const convolve = (x: SymbolicTensor, width: number) =>
    make.relu(make.batchNorm(make.convolution(x, { filters: width, kernelSize: 3 }), NORMALIZATION));
  const pair = (x: SymbolicTensor, width: number) => make.maxPool(convolve(convolve(x, width), 2 * width), 2);

  const features = make.flatten(pair(pair(image, filters), 4 * filters));
  const hidden = make.dense(features, { units: firstDenseUnits, activation: 'relu' });
  return make.dense(hidden, { units: secondDenseUnits, activation: 'relu' });
};
