import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerFactory } from './layers.js';

/**
 * Convolutions without bias, padded with zeros alike on all sides, as PyTorch and the TensorFlow model garden do it. Where there is
 * a stride, TensorFlow's `same` would leave the first sides out of an even map.
 */
export const evenlyPadded =
  (make: LayerFactory) =>
  (x: SymbolicTensor, filters: number, kernelSize: number, strides: number): SymbolicTensor => {
    const padding = (kernelSize - 1) / 2;
    return strides === 1 || padding === 0
      ? make.convolution(x, { filters, kernelSize, strides, padding: 'same', useBias: false })
      : make.convolution(make.zeroPad(x, padding), { filters, kernelSize, strides, useBias: false });
  };
