import { type Histogram, histogram, levelFromAbove, percentile } from './histogram.js';
import type { Plane } from './image.js';
import { borderValues, extremeCount, type Paper } from './paper.js';

/** How dark each pixel is against the paper under it, and what of that is ink. */
export interface Ink {
  /** 0 is the paper's own brightness, 1 is black on it. */
  density: Plane<Float32Array>;
  /** The density of the strongest marks, 0 to 1. */
  peak: number;
  /** Whether even the strongest marks may be the paper's own grain. */
  isGrain: boolean;
  /** Densities at or below this are not ink; 0 for a clean drawing. */
  floor: number;
  /** What of it is for grain alone: lines printed fainter than `floor` are above this. */
  grainFloor: number;
  /** The density that counts as full ink, above `floor`. */
  full: number;
}

/** A peak at or above this is black as it is, and needs no stretching. */
export const BLACK = 0.98;
/** Densities up to this share of the peak are faint: antialiased edges, or grain. */
export const FAINT_SHARE = 0.1;
/** A clean drawing has fewer faint pixels than this share of its inked ones; grain and JPEG ringing have more. */
export const CLEAN_SHARE = 0.5;
/** Half of the border lies above the paper; 70% stay below half a standard deviation of normal noise. */
export const GRAIN_PERCENTILE = 0.7;
/** Normal noise alone peaks at some seven grains (four standard deviations)... */
export const GRAINS_OF_NOISE = 10;
/** ...and a grain is known but in whole levels. */
export const ROUNDING = 0.8;
/** The floor is so many grains, 2.6 standard deviations, up to this share of the peak. */
export const FLOOR_GRAINS = 5;
export const FLOOR_LIMIT = 0.25;

/** Divides the paper out, so that one ink is one density in light and in shadow. */
export function findInk(paper: Paper): Ink {
  const { levels, background } = paper;
  const density = new Float32Array(levels.data.length);
  for (let index = 0; index < density.length; index++) {
    const under = background.data[index]!;
    const below = under - levels.data[index]!;
    if (below > 0) density[index] = below / under;
  }
  return weigh({ ...levels, data: density }, paper);
}

/**
 * What is ink on a page.
 * @param density of the page, from which some may have been taken
 */
export function weigh(density: Plane<Float32Array>, paper: Paper): Ink {
  const { levels, background, even } = paper;
  const { width, height } = density;
  // In 255ths of the paper's brightness, rounded for the statistics alone.
  const rounded = { width, height, data: new Uint8Array(width * height) };
  for (let index = 0; index < density.data.length; index++) {
    if (density.data[index] === 0) continue;
    const under = background.data[index]!;
    const below = under - levels.data[index]!;
    rounded.data[index] = (below / under) * 255 + 0.5;
  }
  const counts = histogram(rounded.data);
  const peakLevel = levelFromAbove(counts, extremeCount(density));
  const peak = peakLevel / 255;
  const grain = (even ? grainOfEven(rounded, counts, peakLevel) : grainOf(rounded)) / 255;
  const faintLevel = Math.floor(peakLevel * FAINT_SHARE);
  const faint = sum(counts.subarray(1, faintLevel + 1));
  const inked = sum(counts.subarray(faintLevel + 1));
  const clean = even && grain === 0 && faint <= CLEAN_SHARE * inked;
  const floor = clean ? 0 : Math.min(Math.max(FLOOR_GRAINS * grain, FAINT_SHARE * peak), FLOOR_LIMIT * peak);
  return {
    density,
    peak,
    isGrain: even
      ? peak < GRAINS_OF_NOISE * (grain + ROUNDING / background.data[0]!)
      : isGrain(differencesOf(density, paper)),
    floor,
    grainFloor: Math.min(floor, FLOOR_GRAINS * grain),
    full: peak >= BLACK ? 1 : typicalInk(counts, peakLevel) / 255,
  };
}

/** Of the border, where paper shows; that of uneven paper is lit like no other part. */
const grainOf = (plane: Plane<Uint8Array>): number =>
  percentile(histogram(borderValues(plane)), GRAIN_PERCENTILE);

/**
 * Of an even page's border, but of the whole of it where that has less, as lines may be printed along the border. What is nearer to
 * the strongest marks than to the paper is no grain: a picture may be cut out along its ink.
 */
function grainOfEven(plane: Plane<Uint8Array>, counts: Histogram, peakLevel: number): number {
  const grains = [histogram(borderValues(plane)), counts].map((levels) => {
    const nearPaper = levels.slice().fill(0, Math.floor(peakLevel / 2) + 1);
    return percentile(nearPaper, GRAIN_PERCENTILE);
  });
  return Math.min(...grains);
}

/** How far the ink goes from the paper's brightness, levels. */
function differencesOf({ width, height, data }: Plane<Float32Array>, { levels, background }: Paper) {
  const differences = new Uint8Array(width * height);
  for (let index = 0; index < data.length; index++) {
    if (data[index]! > 0) differences[index] = background.data[index]! - levels.data[index]!;
  }
  return { width, height, data: differences };
}

/**
 * Whether the strongest marks on uneven paper are no more than grain can be. Told by levels of brightness: against light paper, where
 * light ink is looked for, a grain of a few levels is a large share of the little that there is to go.
 */
function isGrain(differences: Plane<Uint8Array>): boolean {
  const counts = histogram(differences.data);
  const peak = levelFromAbove(counts, extremeCount(differences));
  return peak < GRAINS_OF_NOISE * (grainOf(differences) + ROUNDING);
}

/** The median of the stronger half of the marks: a pencil's grain has deeper spots than its line. */
function typicalInk(counts: Histogram, peakLevel: number): number {
  const stronger = counts.slice();
  stronger.fill(0, 0, Math.floor(peakLevel / 2));
  return percentile(stronger, 0.5);
}

function sum(counts: Histogram): number {
  return counts.reduce((total, count) => total + count, 0);
}
