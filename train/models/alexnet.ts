import type { Trunk } from './trunk.js';

/** "Size 4" of the report is TensorFlow's depth radius: nine channels, hence the ninths of alpha. */
const RESPONSE = { depthRadius: 4, bias: 1, alpha: 0.001 / 9, beta: 0.75 };

/**
 * Experiment D: AlexNet (Krizhevsky and others 2012) for 28 x 28. Its five convolutions in the proportions of one of its two halves
 * (48, 128, 192, 192, 128 filters), its three pools and two dense layers; the kernels shrunk with the picture, from 11, 5,
 * 3, 3, 3 to 5, 3, 3, 3, 3, and no stride but that of the pools (28 -> 14 -> 7 -> 4 pixels a side). As the report has it, the pool
 * comes before the normalisation.
 */
export const alexnetTrunk: Trunk<'alexnet'> = (image, make, { filters, denseUnits, dropout, activation }) => {
  const convolve = (x: typeof image, width: number, kernelSize = 3) =>
    make.convolution(x, { filters: width, kernelSize, padding: 'same', activation });
  const pool = (x: typeof image) => make.maxPool(x, 2, { padding: 'same' });
  const wide = 4 * filters;
  const middle = Math.round((8 * filters) / 3);

  let x = make.localResponseNorm(pool(convolve(image, filters, 5)), RESPONSE);
  x = make.localResponseNorm(pool(convolve(x, middle)), RESPONSE);
  x = make.flatten(pool(convolve(convolve(convolve(x, wide), wide), middle)));
  for (let layer = 0; layer < 2; layer++) {
    x = make.dropout(make.dense(x, { units: denseUnits, activation }), dropout);
  }
  return x;
};
