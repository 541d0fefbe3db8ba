import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { RandomStream } from '../random.js';
import { extremesOf } from './extremes.js';

/** Layers, each with twice as many hills a side as the one before it and half as high. */
const LAYERS = 3;

/** Level where it ends on either side: 0 to 1 as `place` goes from 0 to 1. */
const ease = (place: number): number => place * place * (3 - 2 * place);

/**
 * Gives what draws clouds into `[28, 28]`, 0 at the lightest place and 1 at the darkest: value noise, random heights on a grid with smooth
 * ways between them, of which several layers are added.
 */
export function createClouds(): (clouds: Float32Array, random: RandomStream, hills: number) => void {
  const heights = new Float32Array((2 * INPUT_SIDE) ** 2);
  return (clouds, random, hills) => {
    clouds.fill(0);
    for (let layer = 0; layer < LAYERS; layer++) {
      addLayer(clouds, heights, random, Math.min(INPUT_SIDE, hills * 2 ** layer), 0.5 ** layer);
    }
    const { least, most } = extremesOf(clouds);
    for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
      clouds[pixel] = (clouds[pixel]! - least) / (most - least);
    }
  };
}

/** @param hills a side of the image, 1 to 28 */
function addLayer(
  clouds: Float32Array,
  heights: Float32Array,
  random: RandomStream,
  hills: number,
  height: number,
): void {
  const side = Math.ceil(hills) + 2;
  for (let place = 0; place < side * side; place++) heights[place] = height * random.next();
  const [top, left] = [random.next(), random.next()];
  const step = hills / INPUT_SIDE;
  let pixel = 0;
  for (let row = 0; row < INPUT_SIDE; row++) {
    const y = top + row * step;
    const upper = Math.floor(y);
    const lowerShare = ease(y - upper);
    for (let column = 0; column < INPUT_SIDE; column++, pixel++) {
      const x = left + column * step;
      const before = Math.floor(x);
      const rightShare = ease(x - before);
      const place = upper * side + before;
      const above = (1 - rightShare) * heights[place]! + rightShare * heights[place + 1]!;
      const below = (1 - rightShare) * heights[place + side]! + rightShare * heights[place + side + 1]!;
      clouds[pixel] = clouds[pixel]! + (1 - lowerShare) * above + lowerShare * below;
    }
  }
}
