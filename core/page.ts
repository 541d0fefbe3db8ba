import { eraseRules } from './erase-rules.js';
import { findSheet } from './find-sheet.js';
import type { Box, RgbaImage } from './image.js';
import { findInk, type Ink, weigh } from './ink.js';
import { CHANNELS, isGrey, type Luma, luma, WORKING_SIDE } from './luma.js';
import { findMarks, MASS_OF_MARK, type Marks, SIDE_OF_MARK } from './marks.js';
import { findPaper, type Paper, type Polarity, unevenPaper } from './paper.js';
import { boxAbout, enlarged, nearestOn } from './sheet.js';
import { strokeWidth } from './stroke-width.js';

/** `ok`, or why there is nothing to read: an even page, or marks too faint to tell from it. */
export type PreprocessStatus = 'ok' | 'blank' | 'no-contrast';

/** A page whose strongest mark is weaker than this is even: the last bits of a scan or a JPEG. */
const BLANK_DENSITY = 0.03;
/** Marks weaker than this are too faint to tell from the paper. */
export const FAINTEST_DENSITY = 0.12;
/** Marks that differ from even paper by colour alone must do so by this much in a channel: light and JPEG tint a little. */
const FAINTEST_COLOUR = 0.25;
/** A printed line that is weaker than this does no harm. */
const FAINTEST_RULE = 0.04;
/** What is written lower than this on a reduced plane, pixels, is looked at again from nearer: a line of digits or two. */
const LOW = 64;
/** On even paper a mark smaller than others may be is a digit if it is so large, as a share of the picture's longer side... */
const SIDE_OF_SMALL_MARK = 1 / 128;
/** ...and from nearer, pixels of the picture, and if it is of strokes: dirt is thicker than this share of its longer side. */
const LEAST_SIDE = 12;
const THICKEST = 0.2;

/** What is written on a page, or why nothing is. */
export type Page = { status: Exclude<PreprocessStatus, 'ok'> } | WrittenPage;

interface WrittenPage extends Plan {
  status: 'ok';
  marks: Marks;
  polarity: Polarity;
}

/** Where the marks' plane lies in the picture. */
interface Plan {
  /** Its first pixel's corner, pixels of the picture. */
  left: number;
  top: number;
  /** How many pixels of the picture make one of the plane, along each side. */
  reduction: number;
}

/**
 * The marks on a page, its grain and specks removed.
 * @param least what has less than this share of the heaviest mark's ink is a speck.
 */
export function readPage(image: RgbaImage, least = MASS_OF_MARK): Page {
  const onWhite = luma(image, 255);
  const sheet = readSheet(image, onWhite, least);
  if (sheet) return sheet;
  const page = readReduced(image, onWhite, least);
  if (page.status !== 'ok') return page;
  if (page.reduction === 1) return page;
  const nearer = readNearer(image, page, least);
  const box = inPicture(page.marks.box, page, image);
  if (longer(box) >= SIDE_OF_MARK * longer(image)) return nearer ?? page;
  return nearer && isSmallWriting(nearer) ? nearer : { status: 'blank' };
}

const longer = ({ width, height }: Pick<Box, 'width' | 'height'>): number => Math.max(width, height);

/** What is written on a card or between bars; null where there is neither, or nothing written. */
function readSheet(image: RgbaImage, onWhite: Luma, least: number): WrittenPage | null {
  const found = findSheet(onWhite);
  if (!found) return null;
  const sheet = enlarged(found, onWhite.reduction);
  const box = boxAbout(sheet, image);
  const nearest = nearestOn(sheet, image);
  // A copy, as a view of pixels that lie anywhere in a larger buffer may not begin at a multiple of four.
  const pixels = new Uint32Array(Uint8Array.from(image.data).buffer);
  const part = new Uint32Array(box.width * box.height);
  for (let y = 0, index = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) part[index++] = pixels[nearest(box.left + x, box.top + y)]!;
  }
  // Comes to an end: a sheet is smaller than the picture, by its rim and by what it lies on.
  const page = readPage({ ...box, data: new Uint8Array(part.buffer) }, least);
  return page.status === 'ok' ? { ...page, left: box.left + page.left, top: box.top + page.top } : null;
}

/** The part of a large picture in which something small is written, less reduced; null where it would show no more, or something else. */
function readNearer(image: RgbaImage, page: WrittenPage, least: number): WrittenPage | null {
  if (page.marks.box.height > LOW) return null;
  const around = grown(inPicture(page.marks.box, page, image), image);
  const reduction = Math.ceil(Math.sqrt(around.width * around.height) / WORKING_SIDE);
  if (reduction > page.reduction / 2) return null;
  const nearby = partOf(image, around);
  const part = readReduced(nearby, luma(nearby, 255, reduction), least);
  if (part.status !== 'ok' || isCutOff(inPicture(part.marks.box, part, around), around, image)) return null;
  return { ...part, left: around.left, top: around.top };
}

/** A box with its height's margin about it, as far as the picture goes. */
function grown(box: Box, { width, height }: RgbaImage): Box {
  const left = Math.max(0, box.left - box.height);
  const top = Math.max(0, box.top - box.height);
  return {
    left,
    top,
    width: Math.min(width, box.left + box.width + box.height) - left,
    height: Math.min(height, box.top + 2 * box.height) - top,
  };
}

function partOf(image: RgbaImage, { left, top, width, height }: Box): RgbaImage {
  const data = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    const start = 4 * ((top + y) * image.width + left);
    data.set(image.data.subarray(start, start + 4 * width), 4 * y * width);
  }
  return { width, height, data };
}

/** Whether what was found in a part of a picture reaches the part's edge, but not the picture's: a line or a frame that was none of the marks. */
const isCutOff = (found: Box, part: Box, { width, height }: RgbaImage): boolean =>
  (found.left === 0 && part.left > 0) ||
  (found.top === 0 && part.top > 0) ||
  (found.left + found.width === part.width && part.left + part.width < width) ||
  (found.top + found.height === part.height && part.top + part.height < height);

function isSmallWriting({ marks: { ink }, reduction }: WrittenPage): boolean {
  return longer(ink) * reduction >= LEAST_SIDE && strokeWidth(ink) <= THICKEST * longer(ink);
}

function readReduced(image: RgbaImage, onWhite: Luma, least: number): Page {
  const page = readLuma(onWhite, least);
  if (page.status === 'ok') return page;
  // White ink on a transparent page vanishes over white; over black it shows.
  const onBlack = onWhite.translucent ? readLuma(luma(image, 0, onWhite.reduction), least) : page;
  return onBlack.status === 'ok' ? onBlack : (readColours(image, onWhite, least) ?? onBlack);
}

/** Reads what is as bright as its even paper and of another colour, by the first channel that shows it. */
function readColours(image: RgbaImage, onWhite: Luma, least: number): WrittenPage | null {
  if (isGrey(image)) return null;
  for (const weights of CHANNELS) {
    const plane = luma(image, 255, onWhite.reduction, weights);
    const paper = findPaper(plane);
    if (!paper.even || findInk(paper).peak < FAINTEST_COLOUR) continue;
    const page = readPaper(paper, plane, least);
    if (page.status === 'ok') return page;
  }
  return null;
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
  const isFaint = ink.peak < FAINTEST_DENSITY;
  const leastSide = paper.even && reduction > 1 && !isFaint ? SIDE_OF_SMALL_MARK : SIDE_OF_MARK;
  const marks = findMarks(ink, paper.margin, least, leastSide);
  if (!marks) return { status: 'blank' };
  if (isFaint) return { status: 'no-contrast' };
  return { status: 'ok', marks, polarity: paper.polarity, left: 0, top: 0, reduction };
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

/** A box of a page's plane in the pixels of the picture. */
export function inPicture(
  box: Box,
  { left, top, reduction }: Plan,
  { width, height }: Pick<RgbaImage, 'width' | 'height'>,
): Box {
  const [fromLeft, fromTop] = [left + box.left * reduction, top + box.top * reduction];
  return {
    left: fromLeft,
    top: fromTop,
    width: Math.min(box.width * reduction, width - fromLeft),
    height: Math.min(box.height * reduction, height - fromTop),
  };
}
