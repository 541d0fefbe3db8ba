import sharp from 'sharp';
import { INPUT_LENGTH, INPUT_SIDE } from '../core/image.js';

/** A row of a sheet. */
export interface SheetRow {
  name: string;
  /** Shown smaller, a line each below the name; two at most. */
  details: string[];
  /** `[columns, 28, 28]`, ink 1.0 on 0.0. */
  images: Float32Array;
}

const SCALE = 3;
const CELL = INPUT_SIDE * SCALE;
/** Between cells, and about them. */
const GAP = 2;
const STEP = CELL + GAP;
const LABEL_WIDTH = 180;
const PAPER = 255;
const GRID = 200;

/** Draws rows of images one below the other, dark ink on white, each pixel a square, as an SVG file. */
export async function sheetSvg(rows: readonly SheetRow[]): Promise<string> {
  const grid = await gridPng(rows.map(({ images }) => images));
  const width = LABEL_WIDTH + grid.width;
  const height = grid.height;
  const labels = rows.map(({ name, details }, row) => {
    const middle = row * STEP + STEP / 2;
    const baseline = middle + 6 - 8 * details.length;
    const lines = details.map(
      (line, index) =>
        `<text x="12" y="${baseline + 18 + 16 * index}" font-size="12" fill="#555">${escapeXml(line)}</text>`,
    );
    return `<text x="12" y="${baseline}" font-size="17" fill="#111">${escapeXml(name)}</text>${lines.join('')}`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, DejaVu Sans, sans-serif">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>${labels.join('')}` +
    `<image x="${LABEL_WIDTH}" width="${grid.width}" height="${height}" ` +
    `href="data:image/png;base64,${grid.png.toString('base64')}"/></svg>\n`
  );
}

/** The images, a row each of `[columns, 28, 28]`, in the cells of a grid, as a PNG file. */
async function gridPng(
  rows: readonly Float32Array[],
): Promise<{ png: Buffer; width: number; height: number }> {
  const columns = Math.max(...rows.map((images) => images.length / INPUT_LENGTH));
  const width = columns * STEP + GAP;
  const height = rows.length * STEP + GAP;
  const pixels = new Uint8Array(height * width).fill(GRID);
  for (const [row, images] of rows.entries()) {
    for (const [index, ink] of images.entries()) {
      const place = index % INPUT_LENGTH;
      const left = GAP + Math.floor(index / INPUT_LENGTH) * STEP + (place % INPUT_SIDE) * SCALE;
      const top = GAP + row * STEP + Math.floor(place / INPUT_SIDE) * SCALE;
      for (let y = top; y < top + SCALE; y++) {
        pixels.fill(Math.round(PAPER * (1 - ink)), y * width + left, y * width + left + SCALE);
      }
    }
  }
  const png = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  return { png, width, height };
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeXml = (text: string): string => text.replace(/[&<>]/g, (character) => ENTITIES[character]!);
