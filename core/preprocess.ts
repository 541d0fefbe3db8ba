import { eraseRules } from './erase-rules.js';
import { brighten, centre, FIT_SIDE, fit } from './fit.js';
import { type Box, INPUT_LENGTH, type Plane, type RgbaImage } from './image.js';
import { readInPlace } from './in-place.js';
import { findInk, type Ink, weigh } from './ink.js';
import { type Luma, luma } from './luma.js';
import { findMarks, MASS_OF_MARK, type Marks } from './marks.js';
import { findPaper, type Paper, type Polarity, unevenPaper } from './paper.js';
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
export const FAINTEST_DENSITY = 0.12;
/** A printed line that is weaker than this does no harm. */
const FAINTEST_RULE = 0.04;

/**
 * One digit's picture to the model's input, by `+ - * /` and integers alone, so that Node and every browser
 * give the same float32 values: luma over white, polarity from the border or from what is around, the paper divided out, ruled
 * lines, frames, grain and specks removed, fitted to 20x20, centred by mass in 28x28. A picture that has the model's size is read
 * as it lies: an MNIST image passes through as `value / 255`.
 */
export function preprocess(image: RgbaImage): Preprocessed {
  const inPlace = readInPlace(image);
  if (inPlace && inPlace.peak >= FAINTEST_DENSITY) {
    const { input, polarity } = inPlace;
    return {
      status: 'ok',
      input,
      polarity,
      box: { left: 0, top: 0, width: image.width, height: image.height },
    };
  }
  const page = readPage(image);
  if (page.status !== 'ok') return unreadable(page.status);
  const box = inPicture(page.marks.box, page.reduction, image);
  return { status: 'ok', input: toInput(page.marks.ink), polarity: page.polarity, box };
}

/** What is written on a page, or why nothing is. */
export type Page =
  | { status: Exclude<PreprocessStatus, 'ok'> }
  | {
      status: 'ok';
      marks: Marks;
      polarity: Polarity;
      /** How many pixels of the picture make one of the marks' plane, along each side. */
      reduction: number;
    };

/**
 * The marks on a page, its grain and specks removed.
 * @param least what has less than this share of the heaviest mark's ink is a speck.
 */
export function readPage(image: RgbaImage, least = MASS_OF_MARK): Page {
  const onWhite = luma(image, 255);
  const page = readLuma(onWhite, least);
  // White ink on a transparent page vanishes over white; over black it shows.
  return page.status === 'ok' || !onWhite.translucent ? page : readLuma(luma(image, 0), least);
}

function readLuma(plane: Luma, least: number): Page {
  const paper = findPaper(plane);
  const page = readPaper(paper, plane, least);
  if (page.status !== 'blank' || !paper.isDoubtful) return page;
  const other = unevenPaper(plane, paper.polarity === 'dark-ink' ? 'light-ink' : 'dark-ink');
  return readPaper(other, plane, least);
}

function readPaper(paper: Paper, { reduction }: Luma, least: number): Page {
  const drawn = findInk(paper);
  if (isBlank(drawn)) return { status: 'blank' };
  const ink = withoutRules(drawn, paper);
  if (isBlank(ink)) return { status: 'blank' };
  const marks = findMarks(ink, paper.margin, least);
  if (!marks) return { status: 'blank' };
  if (ink.peak < FAINTEST_DENSITY) return { status: 'no-contrast' };
  return { status: 'ok', marks, polarity: paper.polarity, reduction };
}

/** An even page, or nothing on it but its grain. */
const isBlank = ({ peak, isGrain }: Ink): boolean => peak < BLANK_DENSITY || isGrain;

/** The ink that is not the printed lines of a writing pad or of squared paper. A line that is all there is may be a 1. */
function withoutRules(ink: Ink, paper: Paper): Ink {
  const { density, rules } = eraseRules(ink.density, Math.max(ink.grainFloor, FAINTEST_RULE), ink.peak);
  if (rules === 0) return ink;
  const left = weigh(density, paper);
  return rules === 1 && isBlank(left) ? ink : left;
}

/** One digit's ink, cut out, to the model's input `[1, 28, 28]`. */
export function toInput(ink: Plane<Float32Array>): Float32Array {
  return centre(brighten(fit(widenThinStrokes(ink, FIT_SIDE))));
}

function unreadable(status: Exclude<PreprocessStatus, 'ok'>): Preprocessed {
  return { status, input: new Float32Array(INPUT_LENGTH), polarity: null, box: null };
}

/** A box of the working plane in the pixels of the picture. */
export function inPicture(box: Box, reduction: number, { width, height }: RgbaImage): Box {
  const left = box.left * reduction;
  const top = box.top * reduction;
  return {
    left,
    top,
    width: Math.min(box.width * reduction, width - left),
    height: Math.min(box.height * reduction, height - top),
  };
}
