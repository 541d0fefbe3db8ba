import sharp from 'sharp';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { html, type Markup } from '../../core/markup.js';
import type { LabelledImages } from '../dataset/mnist.js';
import { LIGHT } from './palette.js';
import type { Predictions } from './read-run.js';
import { type Drawing, type Format, svgText, WIDTHS } from './svg.js';

/** A test digit with what was said of it. */
export interface Tile {
  /** Place in the test set, from 0. */
  image: number;
  label: number;
  /** The first line below it: `4 read as 9`. */
  verdict: string;
  /** The second: `99.8% sure`. */
  detail: string;
  /** A PNG of 28x28, black ink on white, as a data URL. */
  url: string;
}

/** Not yet drawn. */
export type Choice = Omit<Tile, 'url'>;

/** Few enough to look at; a well trained network gets no more wrong. */
const MOST_WRONG = 120;
/** Of either end of what is right. */
const MOST_RIGHT = 20;

const sure = (confidence: number): string => {
  const text = (100 * confidence).toFixed(1);
  return text === '100.0' && confidence < 1 ? 'over 99.9%' : `${text}%`;
};

const images = ({ labels }: Predictions): number[] => Array.from(labels, (_, image) => image);

/** All that were read wrong, the surest first. */
export function wrongOf(predictions: Predictions): Choice[] {
  const { labels, digits, confidences } = predictions;
  return images(predictions)
    .filter((image) => labels[image] !== digits[image])
    .sort((a, b) => confidences[b]! - confidences[a]! || a - b)
    .map((image) => ({
      image,
      label: labels[image]!,
      verdict: `${labels[image]} read as ${digits[image]}`,
      detail: sure(confidences[image]!),
    }));
}

/** Those that were read right with the least confidence, and those with the most. */
export function rightOf(predictions: Predictions): { least: Choice[]; most: Choice[] } {
  const { labels, digits, confidences } = predictions;
  const right = images(predictions)
    .filter((image) => labels[image] === digits[image])
    .sort((a, b) => confidences[a]! - confidences[b]! || a - b)
    .map((image) => ({
      image,
      label: labels[image]!,
      verdict: String(labels[image]),
      detail: sure(confidences[image]!),
    }));
  // Of equals the first of the test set, as the least confident are as well.
  const surest = [...right].sort(
    (a, b) => confidences[b.image]! - confidences[a.image]! || a.image - b.image,
  );
  return { least: right.slice(0, MOST_RIGHT), most: surest.slice(0, MOST_RIGHT) };
}

/** What several runs over the same test set got wrong, the most often first. */
export function hardest(all: readonly Predictions[]): Choice[] {
  const [first] = all;
  if (!first) return [];
  const wrong = images(first)
    .map((image) => {
      const readings = new Map<number, number>();
      for (const { digits } of all) {
        const digit = digits[image]!;
        if (digit !== first.labels[image]) readings.set(digit, (readings.get(digit) ?? 0) + 1);
      }
      return { image, readings, times: [...readings.values()].reduce((sum, times) => sum + times, 0) };
    })
    .filter(({ times }) => times > 0)
    .sort((a, b) => b.times - a.times || a.image - b.image);
  return wrong.map(({ image, readings, times }) => ({
    image,
    label: first.labels[image]!,
    verdict: `${first.labels[image]} read as ${[...readings]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 2)
      .map(([digit]) => digit)
      .join(', ')}`,
    detail: `by ${times} of ${all.length}`,
  }));
}

/** Whether these are the digits that the runs were measured on: as many, with the same labels in the same order. */
export const isSameSet = (test: LabelledImages, { labels }: Predictions): boolean =>
  labels.length === test.count && labels.every((label, image) => label === test.labels[image]);

export const shownWrong = <T>(tiles: readonly T[]): readonly T[] => tiles.slice(0, MOST_WRONG);

/** Draws the chosen digits. */
export const withPictures = (choices: readonly Choice[], test: LabelledImages): Promise<Tile[]> =>
  Promise.all(choices.map(async (choice) => ({ ...choice, url: await picture(test, choice.image) })));

async function picture({ images: pixels }: LabelledImages, image: number): Promise<string> {
  const ink = pixels.subarray(image * INPUT_LENGTH, (image + 1) * INPUT_LENGTH);
  const paper = Uint8Array.from(ink, (value) => 255 - value);
  const shape = { width: INPUT_SIDE, height: INPUT_SIDE, channels: 1 } as const;
  const png = await sharp(paper, { raw: shape }).toColourspace('b-w').png({ compressionLevel: 9 }).toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}

/** As a page shows it: as many in a row as there is room for. */
export const galleryMarkup = (tiles: readonly Tile[]): Markup =>
  html`<ul class="gallery">${tiles.map(
    ({ image, label, verdict, detail, url }) =>
      html`<li><img class="digit" src="${url}" width="56" height="56" alt="Test digit ${image}, a ${label}"><b>${verdict}</b><span>${detail}</span></li>`,
  )}</ul>`;

const TILE_WIDTH = 84;
const TILE_HEIGHT = 98;
const PICTURE = 56;

/** The same as a drawing. */
export function drawGallery(tiles: readonly Tile[], format: Format): Drawing {
  const width = WIDTHS[format];
  const columns = Math.floor(width / TILE_WIDTH);
  const content = html`${tiles.map(({ verdict, detail, url }, index) => {
    const x = (index % columns) * TILE_WIDTH;
    const y = Math.floor(index / columns) * TILE_HEIGHT;
    const middle = x + TILE_WIDTH / 2;
    return html`<image class="digit" href="${url}" x="${middle - PICTURE / 2}" y="${y + 4}" width="${PICTURE}" height="${PICTURE}" style="image-rendering:pixelated"/><rect x="${middle - PICTURE / 2 - 0.5}" y="${y + 3.5}" width="${PICTURE + 1}" height="${PICTURE + 1}" fill="none" stroke="${LIGHT.line}"/>${svgText(middle, y + 76, verdict, { anchor: 'middle', size: 11, weight: 600 })}${svgText(middle, y + 90, detail, { anchor: 'middle', size: 11, fill: LIGHT.muted })}`;
  })}`;
  return { width, height: Math.ceil(tiles.length / columns) * TILE_HEIGHT, content };
}
