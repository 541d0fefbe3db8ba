import sharp, { type OverlayOptions } from 'sharp';
import type { RgbaImage } from '../../core/image.js';
import type { Outcome } from './run.js';

/** How a sheet is laid out; lengths in pixels. */
export interface SheetLayout {
  columns: number;
  /** What a picture is fitted into. */
  cell: { width: number; height: number };
  gap: number;
  /** Of captions; headings are larger. */
  fontSize: number;
  /** Whether what is wrong is marked; of use where not all of it is. */
  marksWrong: boolean;
  /** On two lines what was read stands below what was expected. */
  captionLines: 1 | 2;
}

/** Pictures below a heading; an empty heading takes no room. */
export interface SheetSection {
  heading: string;
  outcomes: readonly Outcome[];
}

const LARGE: SheetLayout = {
  columns: 10,
  cell: { width: 132, height: 132 },
  gap: 8,
  fontSize: 13,
  marksWrong: true,
  captionLines: 1,
};

const PAGE = '#ffffff';
const INK = '#111111';
const WRONG = '#d0021b';
const EDGE = '#bbbbbb';
/** Squares behind pictures, so that what is transparent shows as such. */
const CHECKER = { side: 6, light: 232, dark: 200 } as const;

/** The first samples of a suite, and the first that came out wrong; what a sheet shows. */
export class SheetSamples {
  readonly first: Outcome[] = [];
  readonly wrong: Outcome[] = [];

  /** @param rows so many rows of each */
  constructor(private readonly rows: number) {}

  add(outcome: Outcome): void {
    const most = this.rows * LARGE.columns;
    if (this.first.length < most) this.first.push(outcome);
    else if (!outcome.isRight && this.wrong.length < most) this.wrong.push(outcome);
  }
}

/**
 * A contact sheet as a PNG file: each picture with what was expected, what was read and how confidently; wrong ones are marked.
 * The first samples come in order; below a gap, wrong ones from further on. Captions take the fonts of the machine.
 */
export function contactSheet(heading: string, { first, wrong }: SheetSamples): Promise<Buffer> {
  const further = wrong.length > 0 ? [{ heading: 'wrong, from further on', outcomes: wrong }] : [];
  return drawSheet(heading, [{ heading: '', outcomes: first }, ...further], LARGE);
}

/** Sections of pictures one below the other, as a PNG file; an empty heading takes no room. */
export async function drawSheet(
  heading: string,
  sections: readonly SheetSection[],
  layout: SheetLayout,
): Promise<Buffer> {
  const { columns, cell, gap, fontSize } = layout;
  const caption = captionHeight(layout);
  const step = { across: cell.width + gap, down: cell.height + caption + gap };
  const width = columns * step.across + gap;
  let height = heading === '' ? gap : fontSize + 21;
  const lines = heading === '' ? [] : [text(heading, gap, fontSize + 9, INK, fontSize + 3)];
  const placed: Placed[] = [];
  for (const section of sections) {
    if (section.heading !== '') {
      lines.push(text(section.heading, gap, height + fontSize, INK, fontSize));
      height += fontSize + 7;
    }
    for (const [place, outcome] of section.outcomes.entries()) {
      const left = gap + (place % columns) * step.across;
      placed.push({ outcome, left, top: height + Math.floor(place / columns) * step.down });
    }
    height += Math.ceil(section.outcomes.length / columns) * step.down;
  }
  const pictures = await Promise.all(
    placed.map(async ({ outcome, left, top }): Promise<OverlayOptions> => {
      const input = await fitted(outcome.picture, layout);
      return { ...input, left, top };
    }),
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-size="${fontSize}" ` +
    `font-family="Helvetica, Arial, DejaVu Sans, sans-serif">` +
    `${lines.join('')}${placed.map((one) => captionOf(one, layout)).join('')}</svg>`;
  return sharp({ create: { width, height, channels: 3, background: PAGE } })
    .composite([...pictures, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png({ compressionLevel: 9 })
    .toBuffer();
}

interface Placed {
  outcome: Outcome;
  left: number;
  top: number;
}

function fittedSize({ width, height }: RgbaImage, { cell }: SheetLayout): { width: number; height: number } {
  const scale = Math.min(cell.width / width, cell.height / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** A picture on checkers, as large as the cell allows; the pixels of a small one stay squares. */
async function fitted(
  picture: RgbaImage,
  layout: SheetLayout,
): Promise<Pick<OverlayOptions, 'input' | 'raw'>> {
  const { width, height, data } = picture;
  const size = fittedSize(picture, layout);
  const pixels = await sharp(data, { raw: { width, height, channels: 4 } })
    .resize({ ...size, fit: 'fill', kernel: size.width > width ? 'nearest' : 'lanczos3' })
    .raw()
    .toBuffer();
  const shown = Buffer.alloc(size.width * size.height * 3);
  for (let pixel = 0; pixel < size.width * size.height; pixel++) {
    const column = Math.floor((pixel % size.width) / CHECKER.side);
    const row = Math.floor(pixel / size.width / CHECKER.side);
    const behind = (column + row) % 2 === 0 ? CHECKER.light : CHECKER.dark;
    const alpha = pixels[pixel * 4 + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) {
      shown[pixel * 3 + channel] = Math.round(alpha * pixels[pixel * 4 + channel]! + (1 - alpha) * behind);
    }
  }
  return { input: shown, raw: { ...size, channels: 3 } };
}

const captionHeight = ({ fontSize, captionLines }: SheetLayout): number => captionLines * (fontSize + 3) + 4;

/**
 * `7 → 1 83%`, in brackets where it was refused; what nothing was read from is a dash, and the lines of a number stand apart by
 * a stroke. Where nothing was to be read the answer stands alone.
 */
function captionOf({ outcome, left, top }: Placed, layout: SheetLayout): string {
  const { picture, expected, read, confidence, accepted, isRight } = outcome;
  const { cell, fontSize } = layout;
  const answer = `${inLine(read ?? '–')} ${Math.round(100 * confidence)}%`;
  const told = accepted ? answer : `(${answer})`;
  const parts = expected === null ? [told] : [inLine(expected), `→ ${told}`];
  const isMarked = !isRight && layout.marksWrong;
  const size = fittedSize(picture, layout);
  const frame = isMarked
    ? `<rect x="${left - 2}" y="${top - 2}" width="${cell.width + 4}" height="${cell.height + 4}" fill="none" ` +
      `stroke="${WRONG}" stroke-width="4"/>`
    : `<rect x="${left - 0.5}" y="${top - 0.5}" width="${size.width + 1}" height="${size.height + 1}" fill="none" stroke="${EDGE}"/>`;
  const lines = layout.captionLines === 2 ? parts : [parts.join(' ')];
  const shown = lines.map((line, place) => {
    const base = top + cell.height + fontSize + 2 + place * (fontSize + 3);
    const mark = isMarked && place === 0 ? '✗ ' : '';
    return text(`${mark}${line}`, left, base, isMarked ? WRONG : INK, fontSize);
  });
  return frame + shown.join('');
}

const inLine = (reading: string): string => reading.replaceAll('\n', '/');

const text = (line: string, x: number, y: number, fill: string, size: number): string =>
  `<text x="${x}" y="${y}" fill="${fill}" font-size="${size}">${escapeXml(line)}</text>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeXml = (line: string): string => line.replace(/[&<>]/g, (character) => ENTITIES[character]!);
