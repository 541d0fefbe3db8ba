import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Trunk } from './trunk.js';

/**
 * Experiment B: conv 7x7 with stride 2, normalisation, ReLU, pool 3x3 with stride 2, then basic blocks on 7 x 7. Each block is two
 * convolutions 3x3, both followed by batch normalisation, whose result is added to the block's input (He et al. 2015).
 */
export const basicBlockTrunk: Trunk<'basic-block'> = (image, make, { filters, blocks, denseUnits }) => {
  const normalizedConvolution = (x: SymbolicTensor, kernelSize: number, strides = 1) =>
    make.batchNorm(make.convolution(x, { filters, kernelSize, strides, padding: 'same' }));

  let x = make.relu(normalizedConvolution(image, 7, 2));
  x = make.maxPool(x, 3, { strides: 2, padding: 'same' });
  for (let block = 0; block < blocks; block++) {
    const inner = make.relu(normalizedConvolution(x, 3));
    x = make.relu(make.add(x, normalizedConvolution(inner, 3)));
  }
  return make.dense(make.globalAveragePool(x), { units: denseUnits, activation: 'relu' });
};
