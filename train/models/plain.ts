import type { Trunk } from './trunk.js';

/** Mean and deviation of MNIST's training pixels, by which the published network's input is normalised. */
const PIXEL_MEAN = 0.1307;
const PIXEL_DEVIATION = 0.3081;

/** 24c5-pool-32c3-pool-256: no padding, an activation after each (ReLU as published) (github.com/tuomaso/train_mnist_fast). */
export const plainTrunk: Trunk<'plain'> = (
  image,
  make,
  { firstFilters, secondFilters, denseUnits, activation },
) => {
  const normalized = make.rescale(image, 1 / PIXEL_DEVIATION, -PIXEL_MEAN / PIXEL_DEVIATION);
  let x = make.convolution(normalized, { filters: firstFilters, kernelSize: 5, activation });
  x = make.maxPool(x, 2);
  x = make.convolution(x, { filters: secondFilters, kernelSize: 3, activation });
  x = make.maxPool(x, 2);
  return make.dense(make.flatten(x), { units: denseUnits, activation });
};
