import { brighten, centre, FIT_SIDE, fit } from './fit.js';
import { type Box, INPUT_LENGTH, type RgbaImage } from './image.js';
import { findInk } from './ink.js';
import { type Luma, luma } from './luma.js';
import { findMarks } from './marks.js';
import { mnistStyle } from './mnist-style.js';
import { findPaper, type Polarity } from './paper.js';
import { widenThinStrokes } from './stroke-width.js';

/** `ok`, or why there is nothing to read: an even page, or marks too faint to tell from it. */
export type PreprocessStatus = 'ok' | 'blank' | 'no-contrast';

export interface Preprocessed {
  status: PreprocessStatus;
  /** `[1, 28, 28]`, ink 1.0 on 0.0; zeros unless `ok`. */
  input: Float32Array;
  /** null unless `ok`. */
  polarity: Polarity | null;
  /** The marks that were read, in pixels of the picture; null unless `ok`. */
  box: Box | null;
}

/** A page whose strongest mark is weaker than this is even: the last bits of a scan or a JPEG. */
const BLANK_DENSITY = 0.03;
/** Marks weaker than this are too faint to tell from the paper. */
const FAINTEST_DENSITY = 0.12;
/** Normal noise alone peaks at some seven grains (four standard deviations). */
const GRAINS_OF_NOISE = 10;

/**
 * One digit's picture to the model's input, by `+ - * /` and integers alone, so that Node and every browser
 * give the same float32 values: luma over white, polarity from the border, the paper divided out, grain and
 * specks removed, fitted to 20x20, centred by mass in 28x28. An MNIST image passes through as `value / 255`.
 */
export function preprocess(image: RgbaImage): Preprocessed {
  const asItIs = mnistStyle(image);
  if (asItIs) {
    const whole = { left: 0, top: 0, width: image.width, height: image.height };
    return { status: 'ok', input: asItIs, polarity: 'light-ink', box: whole };
  }
  const onWhite = luma(image, 255);
  const read = readLuma(onWhite, image);
  // White ink on a transparent page vanishes over white; over black it shows.
  return read.status === 'ok' || !onWhite.translucent ? read : readLuma(luma(image, 0), image);
}

function readLuma(plane: Luma, image: RgbaImage): Preprocessed {
  const paper = findPaper(plane);
  const ink = findInk(paper);
  if (ink.peak < BLANK_DENSITY || ink.peak < GRAINS_OF_NOISE * ink.grain) return unreadable('blank');
  const marks = findMarks(ink, paper.margin);
  if (!marks) return unreadable('blank');
  if (ink.peak < FAINTEST_DENSITY) return unreadable('no-contrast');
  const input = centre(brighten(fit(widenThinStrokes(marks.ink, FIT_SIDE))));
  const box = inPicture(marks.box, plane.reduction, image);
  return { status: 'ok', input, polarity: paper.polarity, box };
}

function unreadable(status: Exclude<PreprocessStatus, 'ok'>): Preprocessed {
  return { status, input: new Float32Array(INPUT_LENGTH), polarity: null, box: null };
}

/** A box of the working plane in the pixels of the picture. */
function inPicture(box: Box, reduction: number, { width, height }: RgbaImage): Box {
  const left = box.left * reduction;
  const top = box.top * reduction;
  return {
    left,
    top,
    width: Math.min(box.width * reduction, width - left),
    height: Math.min(box.height * reduction, height - top),
  };
}
