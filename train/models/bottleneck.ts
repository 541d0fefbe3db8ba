import type { Trunk } from './trunk.js';

/**
 * Experiment A. Each block is conv 1x1, 3x3, 1x1, every one followed by batch normalisation; the activation comes
 * before it, as published.
 */
export const bottleneckTrunk: Trunk<'bottleneck'> = (
  image,
  make,
  { filters, blocks, denseUnits, dropout },
) => {
  let x = make.convolution(image, { filters, kernelSize: 3, activation: 'relu' });
  x = make.maxPool(make.batchNorm(x), 2);
  for (let block = 0; block < blocks; block++) {
    let y = make.convolution(x, { filters, kernelSize: 1, activation: 'relu' });
    y = make.convolution(make.batchNorm(y), { filters, kernelSize: 3, padding: 'same', activation: 'relu' });
    y = make.convolution(make.batchNorm(y), { filters, kernelSize: 1 });
    x = make.relu(make.add(x, make.batchNorm(y)));
  }
  x = make.dense(make.flatten(x), { units: denseUnits, activation: 'relu' });
  return make.dropout(x, dropout);
};
