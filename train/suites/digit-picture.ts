import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../core/image.js';
import type { LabelledImages } from '../dataset/mnist.js';

/** A digit of a set as it is: a grey picture of 28x28, ink white on black, which preprocessing passes through. */
export function digitPicture({ images }: LabelledImages, index: number): RgbaImage {
  const data = new Uint8Array(4 * INPUT_LENGTH).fill(255);
  for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
    data.fill(images[index * INPUT_LENGTH + pixel]!, 4 * pixel, 4 * pixel + 3);
  }
  return { width: INPUT_SIDE, height: INPUT_SIDE, data };
}
