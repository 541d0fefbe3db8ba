import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { RandomStream } from '../random.js';
import { createBothWays } from './both-ways.js';
import { gaussianBand } from './elastic.js';

type Change = (image: Float32Array, random: RandomStream) => void;

/** A mean of ones can be a last bit above 1. */
function capAtOne(image: Float32Array): void {
  for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) image[pixel] = Math.min(1, image[pixel]!);
}

const inside = (place: number): number => Math.min(INPUT_SIDE - 1, Math.max(0, place));

/** Places that a pixel is the mean of at most: one is a rough edge, several are frosted glass. */
const MOST_PLACES = 3;

/** Gives what takes each pixel from places up to so many whole pixels away, which are drawn, both down and right. */
export function createScatter(largestPixels: number): Change {
  const before = new Float32Array(INPUT_LENGTH);
  return (image, random) => {
    const pixels = 1 + random.integer(largestPixels);
    const span = 2 * pixels + 1;
    const places = 1 + random.integer(MOST_PLACES);
    before.set(image);
    for (let row = 0; row < INPUT_SIDE; row++) {
      for (let column = 0; column < INPUT_SIDE; column++) {
        let sum = 0;
        for (let place = 0; place < places; place++) {
          // One number for both ways.
          const drawn = random.integer(span * span);
          const fromRow = inside(row + Math.floor(drawn / span) - pixels);
          const fromColumn = inside(column + (drawn % span) - pixels);
          sum += before[fromRow * INPUT_SIDE + fromColumn]!;
        }
        image[row * INPUT_SIDE + column] = sum / places;
      }
    }
  };
}

/** Gives what smears an image over up to `largestPixels` in a direction that is drawn. */
export function createSmear(largestPixels: number): Change {
  const before = new Float32Array(INPUT_LENGTH);
  return (image, random) => {
    const length = largestPixels * random.next();
    const angle = Math.PI * random.next();
    before.set(image);
    smear(before, image, length * Math.cos(angle), length * Math.sin(angle));
    capAtOne(image);
  };
}

/**
 * The mean of an image moved evenly from `(-right / 2, -down / 2)` to `(right / 2, down / 2)`, bilinearly, at places that are less
 * than a pixel apart. Outside of the image is background.
 */
export function smear(from: Float32Array, to: Float32Array, right: number, down: number): void {
  const moves = 1 + Math.ceil(Math.hypot(right, down));
  to.fill(0);
  for (let move = 0; move < moves; move++) {
    const place = moves === 1 ? 0 : move / (moves - 1) - 0.5;
    addMoved(from, to, place * right, place * down, 1 / moves);
  }
}

function addMoved(from: Float32Array, to: Float32Array, right: number, down: number, weight: number): void {
  const [columns, rows] = [Math.floor(right), Math.floor(down)];
  const [rightShare, downShare] = [right - columns, down - rows];
  for (const [row, rowShare] of [
    [rows, 1 - downShare],
    [rows + 1, downShare],
  ] as const) {
    for (const [column, columnShare] of [
      [columns, 1 - rightShare],
      [columns + 1, rightShare],
    ] as const) {
      const share = weight * rowShare * columnShare;
      if (share > 0) addWhole(from, to, column, row, share);
    }
  }
}

function addWhole(from: Float32Array, to: Float32Array, right: number, down: number, weight: number): void {
  const first = Math.max(0, right);
  const end = Math.min(INPUT_SIDE, INPUT_SIDE + right);
  for (let row = Math.max(0, down); row < Math.min(INPUT_SIDE, INPUT_SIDE + down); row++) {
    const start = row * INPUT_SIDE;
    const offset = -down * INPUT_SIDE - right;
    for (let place = start + first; place < start + end; place++) {
      to[place] = to[place]! + weight * from[place + offset]!;
    }
  }
}

/** The blurs that are told apart; their standard deviations are evenly apart. */
const BLURS = 24;

/** Gives what blurs an image by a Gaussian of a standard deviation of up to `largestSigma`, 0 outside of it. */
export function createBlur(largestSigma: number): Change {
  const bands = Array.from({ length: BLURS }, (_, index) =>
    gaussianBand((largestSigma * (index + 1)) / BLURS),
  );
  const applyBothWays = createBothWays();
  return (image, random) => {
    applyBothWays(image, bands[random.integer(BLURS)]!);
    capAtOne(image);
  };
}
