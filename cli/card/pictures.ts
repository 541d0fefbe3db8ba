import sharp from 'sharp';
import type { PictureFigures, PictureName, SuiteFigures } from '../../core/figures.js';
import type { Outcome } from '../../train/suites/run.js';
import { drawSheet, type SheetLayout, type SheetSection } from '../../train/suites/sheet.js';
import type { Failures } from './failures.js';

/** A picture of a card as a PNG file of all colours, and what it shows. */
export interface CardPicture extends PictureFigures {
  png: Buffer;
}

/** The most bytes of each picture, below a megabyte together; what is photographed needs more colours than ink. */
const MOST_BYTES: { readonly [P in PictureName]: number } = {
  training: 40_000,
  'wrong-digits': 60_000,
  'refused-digits': 60_000,
  corruptions: 180_000,
  users: 220_000,
  outliers: 200_000,
  numbers: 160_000,
};
/** Colours tried one after the other until a picture is small enough; the last is taken in any case. */
const PALETTES = [256, 128, 64, 32, 16, 8, 4];

/** For digits: as wide as a page shows a picture at its own size. */
export const DIGITS: SheetLayout = {
  columns: 11,
  cell: { width: 66, height: 66 },
  gap: 10,
  fontSize: 11,
  marksWrong: false,
  captionLines: 1,
};

/** For whole numbers, which are wide. */
export const NUMBERS: SheetLayout = {
  columns: 6,
  cell: { width: 134, height: 56 },
  gap: 8,
  fontSize: 11,
  marksWrong: false,
  captionLines: 2,
};

/** Test digits shown of those that were read wrong, or refused. */
const MOST_DIGITS = 4 * DIGITS.columns;

/** Fewer colours, until it is small enough. */
export async function shrunk(name: PictureName, png: Buffer): Promise<Buffer> {
  let smallest = png;
  for (const colours of PALETTES) {
    smallest = await sharp(png).png({ palette: true, colours, dither: 0, effort: 10 }).toBuffer();
    if (smallest.length <= MOST_BYTES[name]) break;
  }
  return smallest;
}

/** Single digits of the test set; null where there are none. */
export async function digitsPicture(outcomes: readonly Outcome[]): Promise<CardPicture | null> {
  if (outcomes.length === 0) return null;
  const shown = outcomes.slice(0, MOST_DIGITS);
  const png = await drawSheet('', [{ heading: '', outcomes: shown }], DIGITS);
  return { png, shown: shown.length, of: outcomes.length };
}

/** A row of failures for each suite that has any, the worst suite first; null where none has. */
export async function failuresPicture(
  suites: readonly SuiteFigures[],
  failures: Failures,
  layout: SheetLayout,
): Promise<CardPicture | null> {
  const failed = suites
    .filter(({ name }) => failures.of(name).count > 0)
    .sort((a, b) => a.accuracy - b.accuracy);
  if (failed.length === 0) return null;
  const sections = failed.map(({ name, title, images }): SheetSection => {
    const { first, count } = failures.of(name);
    const outcomes = first.slice(0, layout.columns);
    const which = count > outcomes.length ? `, the first ${outcomes.length}` : '';
    return { heading: `${title}: ${count} of ${images}${which}`, outcomes };
  });
  const png = await drawSheet('', sections, layout);
  const shown = sections.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
  const of = failed.reduce((sum, { name }) => sum + failures.of(name).count, 0);
  return { png, shown, of };
}
