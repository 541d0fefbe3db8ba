import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { evenlyPadded } from './evenly-padded.js';
import type { Trunk } from './trunk.js';

/** The garden's moving averages: `_BATCH_NORM_DECAY` and `_BATCH_NORM_EPSILON`. */
const NORMALIZATION = { momentum: 0.997, epsilon: 1e-5 };
const STAGES = 3;

/**
 * Experiment D: the ResNet that the TensorFlow model garden has for small pictures (official/resnet, block sizes of its
 * CIFAR-10 network). The first block of every stage has a convolution on its shortcut, from the second stage on with a
 * stride of 2 (28 -> 14 -> 7 pixels a side); the end is the mean over space. Version 1 normalises after each convolution
 * (He and others 2015), version 2 normalises and activates before it (He and others 2016).
 */
export const gardenResNetTrunk: Trunk<'garden-resnet'> = (
  image,
  make,
  { version, filters, blocksPerStage, activation },
) => {
  const convolve = evenlyPadded(make);
  const normalize = (x: SymbolicTensor) => make.batchNorm(x, NORMALIZATION);
  const activate = (x: SymbolicTensor) => make.activate(normalize(x), activation);

  const after = (x: SymbolicTensor, width: number, strides: number, isFirst: boolean) => {
    const shortcut = isFirst ? normalize(convolve(x, width, 1, strides)) : x;
    const inner = activate(convolve(x, width, 3, strides));
    return make.activate(make.add(normalize(convolve(inner, width, 3, 1)), shortcut), activation);
  };
  const before = (x: SymbolicTensor, width: number, strides: number, isFirst: boolean) => {
    const ready = activate(x);
    const shortcut = isFirst ? convolve(ready, width, 1, strides) : x;
    const inner = activate(convolve(ready, width, 3, strides));
    return make.add(convolve(inner, width, 3, 1), shortcut);
  };
  const block = version === 1 ? after : before;

  let x = convolve(image, filters, 3, 1);
  if (version === 1) x = activate(x);
  for (let stage = 0; stage < STAGES; stage++) {
    for (let place = 0; place < blocksPerStage; place++) {
      const isFirst = place === 0;
      x = block(x, filters * 2 ** stage, isFirst && stage > 0 ? 2 : 1, isFirst);
    }
  }
  return make.globalAveragePool(version === 1 ? x : activate(x));
};
