import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { between, type RandomStream } from '../random.js';
import { extremesOf } from './extremes.js';

/** A pixel's neighbours: those beside it, or those at its corners as well. */
export type Neighbourhood = 'cross' | 'square';
/** Dilation takes the largest value of a pixel and its neighbours, erosion the least. */
export type Operation = 'dilate' | 'erode';

/**
 * Gives grey dilation and erosion of an image `[28, 28]`; outside of it there is nothing to choose. What it gives is good until the
 * next call.
 */
export function createMorphology(): (
  image: Float32Array,
  neighbours: Neighbourhood,
  operation: Operation,
) => Float32Array {
  const across = new Float32Array(INPUT_LENGTH);
  const result = new Float32Array(INPUT_LENGTH);
  return (image, neighbours, operation) => {
    const isLargest = operation === 'dilate';
    const choose = (one: number, other: number) => (one > other === isLargest ? one : other);
    for (let row = 0; row < INPUT_LENGTH; row += INPUT_SIDE) {
      for (let column = 0; column < INPUT_SIDE; column++) {
        const left = image[row + Math.max(0, column - 1)]!;
        const right = image[row + Math.min(INPUT_SIDE - 1, column + 1)]!;
        across[row + column] = choose(choose(left, image[row + column]!), right);
      }
    }
    // Of a square's columns the same is chosen again, of a cross's only its own.
    const columns = neighbours === 'square' ? across : image;
    const last = INPUT_LENGTH - INPUT_SIDE;
    for (let row = 0; row < INPUT_LENGTH; row += INPUT_SIDE) {
      const above = Math.max(0, row - INPUT_SIDE);
      const below = Math.min(last, row + INPUT_SIDE);
      for (let column = 0; column < INPUT_SIDE; column++) {
        const beside = choose(columns[above + column]!, columns[below + column]!);
        result[row + column] = choose(beside, across[row + column]!);
      }
    }
    return result;
  };
}

/** Share of its blackness that a digit must keep when its strokes get thinner: what is left is made as black as it was. */
const FAINTEST = 0.4;

/**
 * Gives what makes strokes thicker or thinner by up to `pixels` on either side, thinner by 1 at most: MNIST's are two to four wide. A
 * part of a pixel is as much of the way to the next whole one. Crosses and squares take turns, which keeps round what is
 * round. A digit that would all but vanish stays as it is.
 */
export function createStroke(pixels: number): (image: Float32Array, random: RandomStream) => void {
  const morphology = createMorphology();
  const changed = new Float32Array(INPUT_LENGTH);
  return (image, random) => {
    const drawn = between(random, -pixels, pixels);
    const amount = Math.min(Math.abs(drawn), drawn < 0 ? 1 : pixels);
    const operation = drawn < 0 ? 'erode' : 'dilate';
    const isCrossFirst = random.next() < 0.5;
    changed.set(image);
    for (let pass = 0; pass < amount; pass++) {
      const share = Math.min(1, amount - pass);
      const next = morphology(changed, (pass % 2 === 0) === isCrossFirst ? 'cross' : 'square', operation);
      for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
        changed[pixel] = (1 - share) * changed[pixel]! + share * next[pixel]!;
      }
    }
    const kept = extremesOf(changed).most / extremesOf(image).most;
    // No number where the image is empty.
    if (!(kept >= FAINTEST)) return;
    for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) image[pixel] = changed[pixel]! / kept;
  };
}

/**
 * Gives what draws strokes as their outlines: what dilation adds around them or what erosion takes from them, and of the rest a little. Half
 * of the outlines are crisp, as if drawn by a fine pen.
 */
export function createHollow(): (image: Float32Array, random: RandomStream) => void {
  const morphology = createMorphology();
  return (image, random) => {
    const filling = 0.4 * random.next();
    const neighbours = random.next() < 0.5 ? 'cross' : 'square';
    const isOutside = random.next() < 0.5;
    const least = random.next() < 0.5 ? between(random, 0.2, 0.6) : 0;
    const other = morphology(image, neighbours, isOutside ? 'dilate' : 'erode');
    for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
      const rest = isOutside ? image[pixel]! : other[pixel]!;
      const outline = isOutside ? other[pixel]! - rest : image[pixel]! - rest;
      const drawn = least === 0 ? outline : Number(outline > least);
      image[pixel] = Math.max(drawn, filling * rest);
    }
  };
}
