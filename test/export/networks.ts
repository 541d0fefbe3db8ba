import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import { l } from './support.js';

const apply = (layer: tfl.layers.Layer, input: SymbolicTensor | SymbolicTensor[]) =>
  layer.apply(input) as SymbolicTensor;

/** Dense 64, then `logits` and a softmax layer of their own, as our recipes end. */
function head(features: SymbolicTensor, useBias = true): SymbolicTensor {
  const hidden = apply(l.dense({ units: 64, activation: 'relu', useBias, name: 'hidden' }), features);
  const logits = apply(l.dense({ units: 10, name: 'logits' }), apply(l.dropout({ rate: 0.5 }), hidden));
  return apply(l.activation({ activation: 'softmax', name: 'probabilities' }), logits);
}

/** Experiment A: activation before batch norm, `blocks` bottlenecks of `filters`. */
export function bottleneckNet(filters: number, blocks: number): LayersModel {
  const input = tfl.input({ shape: [28, 28, 1], name: 'pixels' });
  let x = apply(l.conv2d({ filters, kernelSize: 3, activation: 'relu', name: 'stem' }), input);
  x = apply(l.batchNormalization({ name: 'stem_norm' }), x);
  x = apply(l.maxPooling2d({ poolSize: 2, name: 'stem_pool' }), x);
  for (let block = 1; block <= blocks; block++) {
    const name = (part: string) => `block${block}_${part}`;
    let y = apply(l.conv2d({ filters, kernelSize: 1, activation: 'relu', name: name('reduce') }), x);
    y = apply(l.batchNormalization({ name: name('reduce_norm') }), y);
    y = apply(
      l.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', name: name('conv') }),
      y,
    );
    y = apply(l.batchNormalization({ name: name('conv_norm') }), y);
    y = apply(l.conv2d({ filters, kernelSize: 1, name: name('expand') }), y);
    y = apply(l.batchNormalization({ name: name('expand_norm') }), y);
    x = apply(
      l.activation({ activation: 'relu', name: name('out') }),
      apply(l.add({ name: name('add') }), [y, x]),
    );
  }
  return tfl.model({
    inputs: input,
    outputs: head(apply(l.flatten(), x)),
    name: `bottleneck_${filters}x${blocks}`,
  });
}

/** Experiment B in small: basic blocks, the second one with a stride and a projected shortcut. */
export function basicBlockNet(filters: number, activation: 'relu' | 'tanh'): LayersModel {
  const act = () => l.activation({ activation });
  const input = tfl.input({ shape: [28, 28, 1] });
  let x = apply(l.conv2d({ filters, kernelSize: 7, strides: 2, padding: 'same' }), input);
  x = apply(act(), apply(l.batchNormalization(), x));
  x = apply(l.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }), x);
  for (const strides of [1, 2, 1]) {
    let y = apply(l.conv2d({ filters, kernelSize: 3, strides, padding: 'same', useBias: false }), x);
    y = apply(act(), apply(l.batchNormalization(), y));
    y = apply(l.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false }), y);
    y = apply(l.batchNormalization(), y);
    if (strides === 2) {
      x = apply(l.conv2d({ filters, kernelSize: 1, strides, useBias: false }), x);
      x = apply(l.batchNormalization(), x);
    }
    x = apply(act(), apply(l.add(), [y, x]));
  }
  x = apply(l.globalAveragePooling2d({}), x);
  return tfl.model({ inputs: input, outputs: head(x), name: 'basic_block' });
}

/** The yardstick 24c5-pool-32c3-pool-256-10, ending in one dense layer with a softmax. */
export function plainNet(): LayersModel {
  return tfl.sequential({
    name: 'plain',
    layers: [
      l.conv2d({ inputShape: [28, 28, 1], filters: 24, kernelSize: 5, activation: 'relu' }),
      l.maxPooling2d({ poolSize: 2 }),
      l.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
      l.maxPooling2d({ poolSize: 2 }),
      l.flatten(),
      l.dense({ units: 256, activation: 'relu' }),
      l.dense({ units: 10, activation: 'softmax' }),
    ],
  });
}

/** Small enough to be trained or exported many times in a test. */
export function tinyNet(): LayersModel {
  return tfl.sequential({
    name: 'tiny',
    layers: [
      l.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 5, strides: 3, activation: 'relu' }),
      l.batchNormalization(),
      l.flatten(),
      l.dense({ units: 10, name: 'logits' }),
      l.activation({ activation: 'softmax' }),
    ],
  });
}

/** Convolutions of two sizes and pools side by side, joined by their channels as in GoogLeNet, and a dense layer without bias. */
export function branchesNet(): LayersModel {
  const input = tfl.input({ shape: [28, 28, 1] });
  const convolution = (kernelSize: number, from: SymbolicTensor) =>
    apply(l.conv2d({ filters: 6, kernelSize, padding: 'same', activation: 'relu' }), from);
  const stem = apply(l.maxPooling2d({ poolSize: 2 }), convolution(3, input));
  const pooled = apply(l.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same' }), stem);
  const joined = apply(l.concatenate(), [convolution(1, stem), convolution(3, stem), convolution(1, pooled)]);
  return tfl.model({
    inputs: input,
    outputs: head(
      apply(l.globalAveragePooling2d({}), apply(l.averagePooling2d({ poolSize: 2 }), joined)),
      false,
    ),
    name: 'branches',
  });
}
