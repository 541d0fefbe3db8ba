import { histogram, levelFromAbove, percentile } from './histogram.js';
import type { Plane } from './image.js';
import { borderValues, extremeCount, type Paper } from './paper.js';

/** How dark each pixel is against the paper under it, and what of that is ink. */
export interface Ink {
  /** 0 is the paper's own brightness, 1 is black on it. */
  density: Plane<Float32Array>;
  /** The density of the strongest marks, 0 to 1. */
  peak: number;
  /** How far the paper's own grain goes from it: the density that 70% of the border stay below. */
  grain: number;
  /** Densities at or below this are not ink; 0 for a clean drawing. */
  floor: number;
  /** The density that counts as full ink, above `floor`. */
  full: number;
}

/** A peak at or above this is black as it is, and needs no stretching. */
const BLACK = 0.98;
/** Densities up to this share of the peak are faint: antialiased edges, or grain. */
const FAINT_SHARE = 0.1;
/** A clean drawing has fewer faint pixels than this share of its inked ones; grain and JPEG ringing have more. */
const CLEAN_SHARE = 0.5;
/** Half of the border lies above the paper; 70% stay below half a standard deviation of normal noise. */
const GRAIN_PERCENTILE = 0.7;
/** The floor is so many grains, 2.6 standard deviations, up to this share of the peak. */
const FLOOR_GRAINS = 5;
const FLOOR_LIMIT = 0.25;

/** Divides the paper out, so that one ink is one density in light and in shadow. */
export function findInk({ levels, background, even }: Paper): Ink {
  const { width, height } = levels;
  const density = new Float32Array(width * height);
  // Rounded to 1/255 for the statistics alone.
  const rounded = new Uint8Array(width * height);
  for (let index = 0; index < density.length; index++) {
    const paper = background.data[index]!;
    const below = paper - levels.data[index]!;
    if (below <= 0) continue;
    density[index] = below / paper;
    rounded[index] = (below / paper) * 255 + 0.5;
  }
  return weigh({ width, height, data: density }, rounded, even);
}

/** The ink of a page from which some was taken. */
export function weighAgain(density: Plane<Float32Array>, even: boolean): Ink {
  return weigh(
    density,
    Uint8Array.from(density.data, (value) => value * 255 + 0.5),
    even,
  );
}

function weigh(density: Plane<Float32Array>, rounded: Uint8Array, even: boolean): Ink {
  const { width, height } = density;
  const counts = histogram(rounded);
  const peakLevel = levelFromAbove(counts, extremeCount(density));
  const peak = peakLevel / 255;
  const border = histogram(borderValues({ width, height, data: rounded }));
  const grain = percentile(border, GRAIN_PERCENTILE) / 255;
  const faintLevel = Math.floor(peakLevel * FAINT_SHARE);
  const faint = sum(counts.subarray(1, faintLevel + 1));
  const inked = sum(counts.subarray(faintLevel + 1));
  const clean = even && grain === 0 && faint <= CLEAN_SHARE * inked;
  const floor = clean ? 0 : Math.min(Math.max(FLOOR_GRAINS * grain, FAINT_SHARE * peak), FLOOR_LIMIT * peak);
  return {
    density,
    peak,
    grain,
    floor,
    full: peak >= BLACK ? 1 : typicalInk(counts, peakLevel) / 255,
  };
}

/** The median of the stronger half of the marks: a pencil's grain has deeper spots than its line. */
function typicalInk(counts: Uint32Array, peakLevel: number): number {
  const stronger = counts.slice();
  stronger.fill(0, 0, Math.floor(peakLevel / 2));
  return percentile(stronger, 0.5);
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
