import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { unmet } from '../../core/errors.js';

export type Padding = 'same' | 'valid';

/** A layer that slides a square window over height and width. */
export interface WindowedLayer {
  name: string;
  /** Side of the window, pixels. */
  size: number;
  strides: number;
  padding: Padding;
}

/** `[batch, 28, 28, 1]` */
export const shapeText = ({ shape }: Pick<SymbolicTensor, 'shape'>): string =>
  `[${shape.map((extent) => extent ?? 'batch').join(', ')}]`;

/**
 * Refuses what TensorFlow.js would build all the same, with a height or a width of 0 or below.
 * @param x `[batch, height, width, channels]`
 * @throws TenfoldError `bad-usage` where an unpadded window, or any stride, is larger than the map.
 */
export function requireRoom(x: SymbolicTensor, { name, size, strides, padding }: WindowedLayer): void {
  const side = Math.min(x.shape[1]!, x.shape[2]!);
  const refuse = (what: string, got: number) =>
    unmet({
      code: 'bad-usage',
      what: `the ${what} of the layer "${name}" on ${shapeText(x)}`,
      expected: `at most ${side}`,
      got: String(got),
      advice: `Nothing would be left of the map: choose a smaller ${what}, or fewer and smaller ones before it.`,
    });
  if (padding === 'valid' && size > side) throw refuse('window', size);
  if (strides > side) throw refuse('stride', strides);
}
