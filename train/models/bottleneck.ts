import type { Trunk } from './trunk.js';

/**
 * Experiment A. Each block is conv 1x1, 3x3, 1x1, every one followed by batch normalisation; the activation comes
 * before it, as published.
 */
export const bottleneckTrunk: Trunk<'bottleneck'> = (
  image,
  make,
  { filters, blocks, denseUnits, dropout, activation },
) => {
  let x = make.convolution(image, { filters, kernelSize: 3, activation });
  x = make.maxPool(make.batchNorm(x), 2);
  for (let block = 0; block < blocks; block++) {
    let y = make.convolution(x, { filters, kernelSize: 1, activation });
    y = make.convolution(make.batchNorm(y), { filters, kernelSize: 3, padding: 'same', activation });
    y = make.convolution(make.batchNorm(y), { filters, kernelSize: 1 });
    x = make.activate(make.add(x, make.batchNorm(y)), activation);
  }
  x = make.dense(make.flatten(x), { units: denseUnits, activation });
  return make.dropout(x, dropout);
};
