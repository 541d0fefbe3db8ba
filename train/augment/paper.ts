import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { between, type RandomStream } from '../random.js';
import { createClouds } from './clouds.js';

const CENTRE = (INPUT_SIDE - 1) / 2;
/** Of the image's corners from its centre, pixels. */
const FURTHEST = CENTRE * Math.SQRT2;

/** How far each pixel is from the image's centre in a direction that is drawn, pixels: `distanceAt(row, column)`. */
function direction(random: RandomStream): (row: number, column: number) => number {
  const angle = 2 * Math.PI * random.next();
  const [right, down] = [Math.cos(angle), Math.sin(angle)];
  return (row, column) => right * (column - CENTRE) + down * (row - CENTRE);
}

function fill(paper: Float32Array, darknessAt: (row: number, column: number) => number): void {
  for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
    paper[pixel] = darknessAt(Math.floor(pixel / INPUT_SIDE), pixel % INPUT_SIDE);
  }
}

/** Draws how dark a paper is, 0 to 1, into `[28, 28]`. */
type Paper = (paper: Float32Array, random: RandomStream) => void;

/** Darker towards one side, or from a place outwards, as under a lamp. */
const gradient: Paper = (paper, random) => {
  const bend = between(random, 0.5, 2);
  if (random.next() < 0.5) {
    const distance = direction(random);
    fill(paper, (row, column) => ((distance(row, column) + FURTHEST) / (2 * FURTHEST)) ** bend);
    return;
  }
  const [top, left] = [between(random, 0, INPUT_SIDE), between(random, 0, INPUT_SIDE)];
  const reach = between(random, INPUT_SIDE / 2, 1.5 * INPUT_SIDE);
  fill(paper, (row, column) => Math.min(1, Math.hypot(row - top, column - left) / reach) ** bend);
};

/** From a soft wave to stripes with edges. */
const stripes: Paper = (paper, random) => {
  const distance = direction(random);
  const period = between(random, 3, 20);
  const phase = random.next();
  const steepness = between(random, 0.5, 4);
  const thickness = between(random, -0.6, 0.6);
  fill(paper, (row, column) => {
    const wave = Math.sin(2 * Math.PI * (distance(row, column) / period + phase));
    return Math.min(1, Math.max(0, 0.5 + steepness * (wave + thickness)));
  });
};

/**
 * Gives what makes the paper up to so dark: a gradient, stripes, clouds, or blots, which are what of clouds lies above
 * a height. Ink on dark paper is as dark as what comes through both of them lets it be.
 */
export function createPaper(largestLevel: number): (image: Float32Array, random: RandomStream) => void {
  const drawClouds = createClouds();
  const clouds: Paper = (paper, random) => drawClouds(paper, random, between(random, 1.5, 6));
  const blots: Paper = (paper, random) => {
    drawClouds(paper, random, between(random, 4, 12));
    const height = between(random, 0.5, 0.8);
    const steepness = between(random, 2, 12);
    for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
      paper[pixel] = Math.min(1, Math.max(0, steepness * (paper[pixel]! - height)));
    }
  };
  const kinds: readonly Paper[] = [gradient, stripes, clouds, blots];
  const paper = new Float32Array(INPUT_LENGTH);
  return (image, random) => {
    const level = largestLevel * random.next();
    kinds[random.integer(kinds.length)]!(paper, random);
    layOver(image, paper, level);
  };
}

/** Lays an image over what is `level` times as dark as `other`: what each of them lets through is multiplied. */
export function layOver(image: Float32Array, other: Float32Array, level: number): void {
  for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
    image[pixel] = 1 - (1 - image[pixel]!) * (1 - level * other[pixel]!);
  }
}

/** Makes the paper darker and the ink fainter, either by up to `largestShare` of the whole range. */
export function fade(image: Float32Array, random: RandomStream, largestShare: number): void {
  const darkening = largestShare * random.next();
  const fading = largestShare * random.next();
  for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
    image[pixel] = darkening + (1 - darkening - fading) * image[pixel]!;
  }
}

/** Swaps ink and paper between two parallel lines; one of them may lie outside of the image. */
export function invertBand(image: Float32Array, random: RandomStream): void {
  const distance = direction(random);
  const first = between(random, -0.8 * CENTRE, 0.8 * CENTRE);
  const end = first + between(random, 3, INPUT_SIDE);
  for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
    const place = distance(Math.floor(pixel / INPUT_SIDE), pixel % INPUT_SIDE);
    if (place >= first && place < end) image[pixel] = 1 - image[pixel]!;
  }
}
