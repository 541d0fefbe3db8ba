import type { Trunk } from './architectures.js';

/** 24c5-pool-32c3-pool-256: no padding, ReLU after each (github.com/tuomaso/train_mnist_fast). */
export const plainTrunk: Trunk<'plain'> = (image, make, { firstFilters, secondFilters, denseUnits }) => {
  let x = make.convolution(image, { filters: firstFilters, kernelSize: 5, activation: 'relu' });
  x = make.maxPool(x, 2);
  x = make.convolution(x, { filters: secondFilters, kernelSize: 3, activation: 'relu' });
  x = make.maxPool(x, 2);
  return make.dense(make.flatten(x), { units: denseUnits, activation: 'relu' });
};
