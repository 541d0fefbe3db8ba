import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { LabelledImages } from '../dataset/mnist.js';
import type { Evaluation } from '../evaluate.js';
import type { SummaryValue } from './events.js';

/** Digits that were read wrongly, at most. */
const MOST_WRONG = 10;
/** A pixel's side: 28 pixels would be a small thing on the page. */
const SCALE = 4;

type Read = Pick<Evaluation, 'predictions' | 'confidences'>;

/** Image numbers, counted from 0, of digits worth a look. */
export interface ChosenDigits {
  /** Of each digit that was read rightly the least certain, 0 to 9. */
  right: number[];
  /** The most certain of those read wrongly, the worst first. */
  wrong: number[];
}

export function chooseDigits({ labels }: LabelledImages, { predictions, confidences }: Read): ChosenDigits {
  const right = new Array<number | undefined>(CLASS_COUNT).fill(undefined);
  const wrong: number[] = [];
  labels.forEach((label, image) => {
    const least = right[label];
    if (predictions[image] !== label) wrong.push(image);
    else if (least === undefined || confidences[image]! < confidences[least]!) right[label] = image;
  });
  wrong.sort((left, other) => confidences[other]! - confidences[left]! || left - other);
  return { right: right.filter((image) => image !== undefined), wrong: wrong.slice(0, MOST_WRONG) };
}

/** The chosen digits of a set as pictures; a tag says the label, what was read, how certainly, and which image it is. */
export async function digitPictures(set: LabelledImages, read: Read): Promise<SummaryValue[]> {
  const { right, wrong } = chooseDigits(set, read);
  const tagged = (verdict: string) => (image: number, place: number) => {
    const percent = (100 * read.confidences[image]!).toFixed(2);
    const rank = String(place + 1).padStart(2, '0');
    const tag = `${verdict}/${rank} ${set.labels[image]} read as ${read.predictions[image]}, ${percent}%, image ${image}`;
    return { tag, image };
  };
  const chosen = [...right.map(tagged('right')), ...wrong.map(tagged('wrong'))];
  return Promise.all(
    chosen.map(async ({ tag, image }) => {
      const pixels = set.images.subarray(image * INPUT_LENGTH, (image + 1) * INPUT_LENGTH);
      const side = SCALE * INPUT_SIDE;
      return { tag, picture: { width: side, height: side, png: await enlargedPng(pixels, side) } };
    }),
  );
}

async function enlargedPng(pixels: Uint8Array, side: number): Promise<Uint8Array> {
  // Loaded when a run ends, so that none begins later for it.
  const { default: sharp } = await import('sharp');
  return sharp(pixels, { raw: { width: INPUT_SIDE, height: INPUT_SIDE, channels: 1 } })
    .resize(side, side, { kernel: 'nearest' })
    .png()
    .toBuffer();
}
