import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { evenlyPadded } from './evenly-padded.js';
import { PYTORCH_NORMALIZATION } from './layers.js';
import type { Trunk } from './trunk.js';

const BLOCKS = [3, 4, 6, 3];

/**
 * Experiment E: ResNet-34 (He and others 2015) with a first convolution fit to 28 x 28. Four stages of basic blocks, each twice as
 * wide as the one before, with a stride of 2 from the second on (14 -> 7 -> 4 -> 2 pixels a side); a convolution 1x1 and a
 * normalisation on the shortcut where the size changes; no biases; the mean over space; dropout. Convolutions are padded as
 * PyTorch pads them; the pool has TensorFlow's padding, so that its windows lie a pixel further right and down.
 */
export const resNet34Trunk: Trunk<'resnet-34'> = (
  image,
  make,
  { filters, firstKernel, firstStride, blockNorm, dropout, activation },
) => {
  const convolve = evenlyPadded(make);
  const normalize = (x: SymbolicTensor) => make.batchNorm(x, PYTORCH_NORMALIZATION);
  const block = (x: SymbolicTensor, width: number, strides: number) => {
    const inner = make.activate(normalize(convolve(x, width, 3, strides)), activation);
    const residual = normalize(convolve(inner, width, 3, 1));
    const shortcut = strides === 1 ? x : normalize(convolve(x, width, 1, strides));
    return make.activate(make.add(residual, shortcut), activation);
  };

  let x = make.activate(normalize(convolve(image, filters, firstKernel, firstStride)), activation);
  x = make.maxPool(x, 3, { strides: 2, padding: 'same' });
  for (const [stage, blocks] of BLOCKS.entries()) {
    for (let place = 0; place < blocks; place++) {
      x = block(x, filters * 2 ** stage, place === 0 && stage > 0 ? 2 : 1);
      if (blockNorm === 'later-blocks' && place > 0) x = normalize(x);
    }
  }
  return make.dropout(make.globalAveragePool(x), dropout);
};
