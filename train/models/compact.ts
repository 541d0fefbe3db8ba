import type { Trunk } from './trunk.js';

/**
 * A ResNet for 28 x 28: a stem that halves the picture at once, so that the blocks work on 12 x 12 and 6 x 6, where
 * memory traffic is small; basic blocks with the activation after the sum; an average over space instead of a wide
 * dense layer.
 */
export const compactTrunk: Trunk<'compact'> = (image, make, { filters, blocksPerStage }) => {
  const normalized = (x: Parameters<typeof make.relu>[0]) =>
    make.batchNorm(x, { momentum: 0.9, epsilon: 1e-5 });
  const conv = (x: Parameters<typeof make.relu>[0], width: number) =>
    normalized(make.convolution(x, { filters: width, kernelSize: 3, padding: 'same', useBias: false }));

  let x = make.relu(normalized(make.convolution(image, { filters, kernelSize: 5, useBias: false })));
  x = make.maxPool(x, 2);
  for (const stage of [0, 1]) {
    const width = filters * 2 ** stage;
    if (stage > 0) x = make.maxPool(make.relu(conv(x, width)), 2);
    for (let block = 0; block < blocksPerStage; block++) {
      x = make.relu(make.add(x, conv(make.relu(conv(x, width)), width)));
    }
  }
  return make.globalMaxPool(x);
};
