import sharp, { type OverlayOptions } from 'sharp';
import type { RgbaImage } from '../../core/image.js';
import type { Outcome } from './run.js';

const COLUMNS = 10;
/** The side of the square that a picture is fitted into, pixels. */
const CELL = 132;
const CAPTION = 20;
const GAP = 8;
const HEADING = 34;
const STEP = { across: CELL + GAP, down: CELL + CAPTION + GAP } as const;

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
    const most = this.rows * COLUMNS;
    if (this.first.length < most) this.first.push(outcome);
    else if (!outcome.isRight && this.wrong.length < most) this.wrong.push(outcome);
  }
}

/**
 * A contact sheet as a PNG file: each picture with what was expected, what was read and how confidently; wrong ones are marked.
 * The first samples come in order; below a gap, wrong ones from further on. Captions take the fonts of the machine.
 */
export async function contactSheet(heading: string, { first, wrong }: SheetSamples): Promise<Buffer> {
  const rowsOfFirst = Math.ceil(first.length / COLUMNS);
  const rowsOfWrong = Math.ceil(wrong.length / COLUMNS);
  const between = rowsOfWrong > 0 ? CAPTION : 0;
  const width = COLUMNS * STEP.across + GAP;
  const height = HEADING + (rowsOfFirst + rowsOfWrong) * STEP.down + between;
  const placed = [
    ...first.map((outcome, place) => ({ outcome, ...cellAt(place, HEADING) })),
    ...wrong.map((outcome, place) => ({
      outcome,
      ...cellAt(place, HEADING + rowsOfFirst * STEP.down + between),
    })),
  ];
  const pictures = await Promise.all(
    placed.map(async ({ outcome, left, top }): Promise<OverlayOptions> => {
      const input = await fitted(outcome.picture);
      return { ...input, left, top };
    }),
  );
  const captions = placed.map(({ outcome, left, top }) => caption(outcome, left, top)).join('');
  const divider =
    between > 0
      ? text(`wrong, from further on`, GAP, HEADING + rowsOfFirst * STEP.down + CAPTION - GAP, INK)
      : '';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-size="13" ` +
    `font-family="Helvetica, Arial, DejaVu Sans, sans-serif">` +
    `<text x="${GAP}" y="22" font-size="16" fill="${INK}">${escapeXml(heading)}</text>${divider}${captions}</svg>`;
  return sharp({ create: { width, height, channels: 3, background: PAGE } })
    .composite([...pictures, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png({ compressionLevel: 9 })
    .toBuffer();
}

const cellAt = (place: number, from: number): { left: number; top: number } => ({
  left: GAP + (place % COLUMNS) * STEP.across,
  top: from + Math.floor(place / COLUMNS) * STEP.down,
});

function fittedSize({ width, height }: RgbaImage): { width: number; height: number } {
  const scale = Math.min(CELL / width, CELL / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** A picture on checkers, as large as the cell allows; the pixels of a small one stay squares. */
async function fitted(picture: RgbaImage): Promise<Pick<OverlayOptions, 'input' | 'raw'>> {
  const { width, height, data } = picture;
  const size = fittedSize(picture);
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

/** `7 → 1 83%`, in brackets where it was refused; what nothing was read from is a dash. */
function caption(
  { picture, expected, read, confidence, accepted, isRight }: Outcome,
  left: number,
  top: number,
): string {
  const answer = `${read ?? '–'} ${Math.round(100 * confidence)}%`;
  const line = `${expected ?? '–'} → ${accepted ? answer : `(${answer})`}`;
  const size = fittedSize(picture);
  const frame = isRight
    ? `<rect x="${left - 0.5}" y="${top - 0.5}" width="${size.width + 1}" height="${size.height + 1}" fill="none" stroke="${EDGE}"/>`
    : `<rect x="${left - 2}" y="${top - 2}" width="${CELL + 4}" height="${CELL + 4}" fill="none" ` +
      `stroke="${WRONG}" stroke-width="4"/>`;
  return frame + text(isRight ? line : `✗ ${line}`, left, top + CELL + CAPTION - 5, isRight ? INK : WRONG);
}

const text = (line: string, x: number, y: number, fill: string): string =>
  `<text x="${x}" y="${y}" fill="${fill}">${escapeXml(line)}</text>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeXml = (line: string): string => line.replace(/[&<>]/g, (character) => ENTITIES[character]!);
