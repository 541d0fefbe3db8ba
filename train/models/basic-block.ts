import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, unmet } from '../../core/errors.js';
import type { Trunk } from './trunk.js';

/**
 * Experiment B: conv 7x7 with stride 2, normalisation, activation, pool 3x3 with stride 2, then basic blocks on 7 x 7. Each block
 * is two convolutions 3x3, both followed by batch normalisation, whose result is added to the block's input (He et al.
 * 2015). A block that down-samples takes steps of 2, and a convolution 1x1 brings its input to the same size.
 */
export const basicBlockTrunk: Trunk<'basic-block'> = (
  image,
  make,
  { filters, blocks, downsamplingBlock, denseUnits, activation },
) => {
  if (downsamplingBlock > blocks) {
    throw unmet({
      code: 'bad-usage',
      what: 'downsamplingBlock',
      expected: `at most ${blocks}, the number of blocks, or 0 for none`,
      got: describe(downsamplingBlock),
      advice: 'Choose one of the blocks, or add blocks.',
    });
  }
  const normalizedConvolution = (x: SymbolicTensor, kernelSize: number, strides = 1) =>
    make.batchNorm(make.convolution(x, { filters, kernelSize, strides, padding: 'same' }));

  let x = make.activate(normalizedConvolution(image, 7, 2), activation);
  x = make.maxPool(x, 3, { strides: 2, padding: 'same' });
  for (let block = 1; block <= blocks; block++) {
    const strides = block === downsamplingBlock ? 2 : 1;
    const inner = make.activate(normalizedConvolution(x, 3, strides), activation);
    const shortcut = strides === 1 ? x : normalizedConvolution(x, 1, strides);
    x = make.activate(make.add(shortcut, normalizedConvolution(inner, 3)), activation);
  }
  return make.dense(make.globalAveragePool(x), { units: denseUnits, activation });
};
