import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { RandomStream } from '../random.js';
import { asInput, distance } from './canvas.js';
import { between, oneOf, wholeBetween } from './draws.js';

/** A value of each pixel by its place, in any range. */
type Field = (x: number, y: number) => number;

/** Of each pixel by itself. */
const grain = (random: RandomStream): Field => oneOf(random, [() => random.next(), () => random.normal()]);

/** Noise at a coarse grid's points, in straight lines between them; of several grids, the finer the weaker. */
function clouds(random: RandomStream): Field {
  const octaves = [12, 6, 3].slice(0, wholeBetween(random, 1, 3)).map((cell) => {
    const columns = Math.ceil(INPUT_SIDE / cell) + 2;
    const values = Array.from({ length: columns * columns }, () => random.normal());
    const [across, down] = [between(random, 0, cell), between(random, 0, cell)];
    return (x: number, y: number) => {
      const [right, below] = [(x + across) / cell, (y + down) / cell];
      const at = Math.floor(below) * columns + Math.floor(right);
      const [u, v] = [right % 1, below % 1];
      const mix = (a: number, b: number) => a + u * (b - a);
      const above = mix(values[at]!, values[at + 1]!);
      return cell * (above + v * (mix(values[at + columns]!, values[at + columns + 1]!) - above));
    };
  });
  return (x, y) => octaves.reduce((sum, octave) => sum + octave(x, y), 0);
}

/** One to three waves across one another. */
function waves(random: RandomStream): Field {
  const each = Array.from({ length: wholeBetween(random, 1, 3) }, () => {
    const angle = between(random, 0, Math.PI);
    const frequency = (2 * Math.PI) / between(random, 3, 14);
    const phase = between(random, 0, 2 * Math.PI);
    const [across, down] = [frequency * Math.cos(angle), frequency * Math.sin(angle)];
    return (x: number, y: number) => Math.sin(across * x + down * y + phase);
  });
  return (x, y) => each.reduce((sum, wave) => sum + wave(x, y), 0);
}

/** Every place has the shade of the seed nearest to it. */
function cells(random: RandomStream): Field {
  const seeds = Array.from({ length: wholeBetween(random, 4, 25) }, () => ({
    x: between(random, 0, INPUT_SIDE),
    y: between(random, 0, INPUT_SIDE),
    shade: random.next(),
  }));
  return (x, y) => {
    let [least, shade] = [Number.POSITIVE_INFINITY, 0];
    for (const seed of seeds) {
      const away = distance(x - seed.x, y - seed.y);
      if (away >= least) continue;
      least = away;
      shade = seed.shade;
    }
    return shade;
  };
}

const FIELDS = [grain, clouds, waves, cells];

/**
 * Noise, clouds, waves or patches, alone or one upon another, at any contrast: all over the picture, or fitted and centred as
 * preprocessing leaves what it found on a page.
 */
export function texture(random: RandomStream): Float32Array | null {
  const fields = Array.from({ length: wholeBetween(random, 1, 2) }, () => ({
    at: oneOf(random, FIELDS)(random),
    weight: random.next(),
  }));
  const values = new Float32Array(INPUT_LENGTH);
  for (const { at, weight } of fields) {
    const layer = values.map((_, pixel) => at(pixel % INPUT_SIDE, Math.floor(pixel / INPUT_SIDE)));
    const deviation = standardDeviation(layer);
    layer.forEach((value, pixel) => {
      values[pixel]! += (weight * value) / deviation;
    });
  }
  const middle = values.toSorted()[Math.floor(INPUT_LENGTH * between(random, 0.2, 0.95))]!;
  const steepness = oneOf(random, [0.5, 1, 3, 30]) / standardDeviation(values);
  const ink = values.map((value) => Math.min(1, Math.max(0, 0.5 + steepness * (value - middle))));
  return random.next() < 0.25 ? ink : cutOut(random, ink);
}

/** A disc or a rectangle of it, as large as a digit. */
function cutOut(random: RandomStream, ink: Float32Array): Float32Array | null {
  const [width, height] = [wholeBetween(random, 12, 20), wholeBetween(random, 12, 20)];
  const isRound = random.next() < 0.5;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isOutside = isRound && distance((2 * x + 1) / width - 1, (2 * y + 1) / height - 1) > 1;
      data[y * width + x] = isOutside ? 0 : ink[y * INPUT_SIDE + x]!;
    }
  }
  return asInput({ width, height, data });
}

function standardDeviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.max(1e-6, Math.sqrt(square));
}
