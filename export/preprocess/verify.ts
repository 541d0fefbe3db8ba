import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { unmet } from '../../core/errors.js';
import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../core/image.js';
import { preprocess } from '../../core/preprocess.js';
import { runClassifier, withSession } from '../session.js';
import { maxAbsDifference, PARITY_TOLERANCE, topDigits } from '../verify.js';
import { PICTURE, preprocessing, READABLE } from './index.js';

/** How close a graph that takes pictures is to `core/preprocess.ts` and the graph that takes the model's input. */
export interface PictureParity {
  pictures: number;
  /** The largest difference of a pixel of the model's input, 0 to 1. */
  maxAbsDiff: number;
  /** Share of pictures with the same digit, 0 to 1. */
  top1Agreement: number;
}

/** How a digit of 28x28 stands in a picture: each pixel as a square, `top` and `left` pixels from the picture's corner. */
interface Scene {
  batches: number;
  height: number;
  width: number;
  enlarged: number;
  top: number;
  left: number;
}

/** From a thumbnail to what is reduced before anything else; none of them is placed evenly. */
const SCENES: readonly Scene[] = [
  { batches: 3, height: 28, width: 28, enlarged: 1, top: 0, left: 0 },
  { batches: 3, height: 40, width: 61, enlarged: 1, top: 3, left: 30 },
  { batches: 3, height: 150, width: 100, enlarged: 3, top: 60, left: 9 },
  { batches: 2, height: 280, width: 280, enlarged: 10, top: 0, left: 0 },
  { batches: 1, height: 650, width: 900, enlarged: 15, top: 200, left: 70 },
];
const BATCH = 8;

/**
 * Compares a graph with preprocessing to `core` on test digits in pictures of several sizes, of one to four channels, dark on light and light
 * on dark, both kinds in each batch, in colours where there are channels for them.
 * @param model the classifier as the bundle has it
 * @param graph the same behind `withPreprocessing`
 * @param images `[images, 28, 28, 1]`, ink 1.0 on 0.0, flattened
 * @throws TenfoldError `failed` where they differ.
 */
export async function measurePictures(
  model: Uint8Array,
  graph: Uint8Array,
  images: Float32Array,
): Promise<PictureParity> {
  const batches = batchesOf(images);
  const reference = batches.flatMap(({ pictures }) => pictures.map(preprocess));
  const inputs = new Float32Array(reference.length * INPUT_LENGTH);
  for (const [row, { input }] of reference.entries()) inputs.set(input, row * INPUT_LENGTH);
  const expected = await withSession(model, (session) => runClassifier(session, inputs));
  const alone = await runPictures(preprocessing('preprocessing', 'input').build(), 'input', batches);
  const whole = await runPictures(graph, 'logits', batches);
  const maxAbsDiff = maxAbsDifference(alone.values, inputs);
  const digits = topDigits(expected.logits);
  const same = topDigits(whole.values).filter((digit, row) => digit === digits[row]).length;
  const readable = reference.every(({ status }, row) => (status === 'ok') === whole.readable[row]);
  const parity = { pictures: reference.length, maxAbsDiff, top1Agreement: same / reference.length };
  // Written so that NaN fails as well.
  if (readable && maxAbsDiff <= PARITY_TOLERANCE && parity.top1Agreement === 1) return parity;
  throw unmet({
    code: 'failed',
    what: `the graph with preprocessing on ${parity.pictures} pictures of test digits`,
    expected: `the pixels of tenfold's own preprocessing within ${PARITY_TOLERANCE}, and the same digits,`,
    got: `pixels within ${maxAbsDiff}, ${same} digits${readable ? '' : ', and others taken for blank'}`,
    advice: 'Nothing was written. Report the model: its preprocessing is exported wrongly.',
  });
}

interface Batch {
  pictures: RgbaImage[];
  channels: number;
}

function batchesOf(images: Float32Array): Batch[] {
  const count = images.length / INPUT_LENGTH;
  let next = 0;
  const digit = () => {
    const start = (next++ % count) * INPUT_LENGTH;
    return images.subarray(start, start + INPUT_LENGTH);
  };
  return SCENES.flatMap((scene, kind) =>
    Array.from({ length: scene.batches }, (_, turn) => {
      const channels = 1 + ((kind + turn) % 4);
      const [dark, light] = channels < 3 ? GREYS : COLOURS;
      return {
        channels,
        pictures: Array.from({ length: BATCH }, (_, row) =>
          row % 2 === 0 ? pictureOf(digit(), scene, dark, light) : pictureOf(digit(), scene, light, dark),
        ),
      };
    }),
  );
}

type Colour = readonly [red: number, green: number, blue: number];
const GREYS: readonly [dark: Colour, light: Colour] = [
  [0, 0, 0],
  [255, 255, 255],
];
/** Each channel differs from the others, so that none can stand in for another unnoticed. */
const COLOURS: readonly [dark: Colour, light: Colour] = [
  [20, 0, 110],
  [255, 240, 200],
];

function pictureOf(
  digit: Float32Array,
  { height, width, enlarged, top, left }: Scene,
  ink: Colour,
  paper: Colour,
): RgbaImage {
  const data = new Uint8ClampedArray(height * width * 4).fill(255);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const [row, column] = [Math.floor((y - top) / enlarged), Math.floor((x - left) / enlarged)];
      const isInside = Math.min(row, column) >= 0 && Math.max(row, column) < INPUT_SIDE;
      const share = isInside ? digit[row * INPUT_SIDE + column]! : 0;
      data.set(
        paper.map((level, channel) => level + share * (ink[channel]! - level)),
        at,
      );
    }
  }
  return { width, height, data };
}

/** What a graph gives for each picture, all rows one after another. */
async function runPictures(
  graph: Uint8Array,
  output: string,
  batches: readonly Batch[],
): Promise<{ values: Float32Array; readable: boolean[] }> {
  return withSession(graph, async (session: InferenceSession) => {
    const values: number[] = [];
    const readable: boolean[] = [];
    for (const batch of batches) {
      const outputs = await session.run({ [PICTURE.name]: tensorOf(batch) });
      for (const value of outputs[output]!.data as Float32Array) values.push(value);
      for (const flag of outputs[READABLE.name]!.data as Uint8Array) readable.push(flag === 1);
    }
    return { values: Float32Array.from(values), readable };
  });
}

/** The first channel alone, that and the alpha, the first three, or all. */
const KEPT = [[0], [0, 3], [0, 1, 2], [0, 1, 2, 3]];

function tensorOf({ pictures, channels }: Batch): Tensor {
  const { width, height } = pictures[0]!;
  const kept = KEPT[channels - 1]!;
  const bytes = new Uint8Array(pictures.length * width * height * channels);
  let at = 0;
  for (const { data } of pictures) {
    for (let pixel = 0; pixel < data.length; pixel += 4) {
      for (const channel of kept) bytes[at++] = data[pixel + channel]!;
    }
  }
  return new Tensor('uint8', bytes, [pictures.length, height, width, channels]);
}
