import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Trunk } from './trunk.js';

/**
 * A ResNet for 28 x 28. Pictures are pooled before the passes that are costly at full size: batch normalisation and
 * activation after the first convolution, the whole widening convolution after the first stage. The residual blocks work on
 * 12 x 12 and 6 x 6; a maximum over space takes the place of a wide dense layer.
 */
export const compactTrunk: Trunk<'compact'> = (image, make, { filters, blocksPerStage, activation }) => {
  const normalize = (x: SymbolicTensor) => make.batchNorm(x, { momentum: 0.9, epsilon: 1e-5 });
  const convolve = (x: SymbolicTensor, width: number) =>
    make.convolution(x, { filters: width, kernelSize: 3, padding: 'same', useBias: false });
  const activate = (x: SymbolicTensor) => make.activate(normalize(x), activation);
  const residual = (x: SymbolicTensor, width: number) => {
    const inner = activate(convolve(x, width));
    return make.activate(make.add(x, normalize(convolve(inner, width))), activation);
  };

  let x = activate(make.maxPool(make.convolution(image, { filters, kernelSize: 5, useBias: false }), 2));
  for (let block = 0; block < blocksPerStage; block++) x = residual(x, filters);
  x = activate(convolve(make.maxPool(x, 2), 2 * filters));
  for (let block = 0; block < blocksPerStage; block++) x = residual(x, 2 * filters);
  return make.globalMaxPool(x);
};
