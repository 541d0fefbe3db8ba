import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { ModelProtoSchema } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { INPUT_LENGTH, type RgbaImage } from '../../core/image.js';
import { luma } from '../../core/luma.js';
import { preprocess } from '../../core/preprocess.js';
import { convertNetwork } from '../../export/convert.js';
import { preprocessing } from '../../export/preprocess/index.js';
import { withPreprocessing } from '../../export/preprocess/prepend.js';
import { exportForServer, exportServedGraph } from '../../export/targets/index.js';
import { maxAbsDifference } from '../../export/verify.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';
import {
  type Colour,
  cutOut,
  type Drawing,
  draw,
  grey,
  inverted,
  seven,
  stroke,
  tinted,
} from '../core/pictures.js';
import { writeTinyBundle } from '../serve/tiny-bundle.js';
import { noise } from './run-fixture.js';
import { chain, l } from './support.js';

const GRAPH = preprocessing('preprocessing', 'input').build();

/** The picture's bytes with the first channel alone, that and alpha, RGB, or all. */
const CHANNELS: Readonly<Record<number, readonly number[]>> = {
  1: [0],
  2: [0, 3],
  3: [0, 1, 2],
  4: [0, 1, 2, 3],
};

function bytesOf({ data }: RgbaImage, channels: number): Uint8Array {
  const kept = CHANNELS[channels]!;
  return Uint8Array.from({ length: (data.length / 4) * channels }, (_, index) => {
    const pixel = Math.floor(index / channels);
    return data[4 * pixel + kept[index % channels]!]!;
  });
}

interface Prepared {
  input: Float32Array;
  readable: boolean[];
}

/** @param pictures all of one size. */
async function prepare(
  session: InferenceSession,
  pictures: readonly RgbaImage[],
  channels = 4,
): Promise<Prepared> {
  const { width, height } = pictures[0]!;
  const bytes = Buffer.concat(pictures.map((picture) => bytesOf(picture, channels)));
  const picture = new Tensor('uint8', new Uint8Array(bytes), [pictures.length, height, width, channels]);
  const { input, readable } = await session.run({ picture });
  return { input: input!.data as Float32Array, readable: Array.from(readable!.data as Uint8Array, Boolean) };
}

async function graphSession(context: TestContext): Promise<InferenceSession> {
  const session = await InferenceSession.create(GRAPH);
  context.after(() => session.release());
  return session;
}

async function assertAsCore(session: InferenceSession, picture: RgbaImage, channels = 4): Promise<void> {
  const expected = preprocess(picture);
  const { input, readable } = await prepare(session, [picture], channels);
  assert.deepEqual(readable, [expected.status === 'ok']);
  const difference = Math.min(...mayStand(expected.input).map((placed) => maxAbsDifference(input, placed)));
  assert.ok(difference <= 1e-5, `${picture.width}x${picture.height}: pixels differ by ${difference}`);
}

/** Where the centre of mass lies halfway between two pixels, its last bits decide to which of them the ink goes. */
function mayStand(input: Float32Array): Float32Array[] {
  const placed = [input];
  for (const stride of [1, 28]) {
    const along = (index: number) => (stride === 1 ? index % 28 : Math.floor(index / 28));
    const mass = input.reduce((sum, value) => sum + value, 0);
    const moment = input.reduce((sum, value, index) => sum + value * along(index), 0);
    const off = moment / mass - 14;
    if (Math.abs(Math.abs(off) - 0.5) > 1e-6) continue;
    const step = off > 0 ? -stride : stride;
    placed.push(...placed.map((one) => one.map((_, index) => one[index - step] ?? 0)));
  }
  return placed;
}

/** Spread evenly over 0 to 1, and at its ends often: of doubles in there nearly all are next to 0. */
const share = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);

/**
 * One line of ink on even paper, whatever its place, size, thickness and colours: nothing that needs the page to be read. Its strokes are too
 * few for the four sides of a frame, which core takes for printed and the graph does not.
 */
const drawing: fc.Arbitrary<Drawing> = fc
  .record({
    width: fc.integer({ min: 12, max: 140 }),
    height: fc.integer({ min: 12, max: 140 }),
    points: fc.array(fc.tuple(share, share), { minLength: 2, maxLength: 4 }),
    thickness: share.map((part) => 0.02 + 0.23 * part),
    paper: fc.integer({ min: 0, max: 255 }),
    ink: share,
  })
  .map(({ width, height, points, thickness, paper, ink }) => {
    const pen = 1 + thickness * Math.min(width, height);
    const margin = Math.min(width, height) * 0.1 + pen / 2 + 2;
    const place = (part: number, extent: number) =>
      Math.min(margin, extent / 2) + part * Math.max(0, extent - 2 * margin);
    const line = points.map(([x, y]) => [place(x, width), place(y, height)] as const);
    // A point where the one before is, or by itself, has no direction.
    const distinct = line.filter((point, index) => index === 0 || `${point}` !== `${line[index - 1]}`);
    if (distinct.length === 1) distinct.push([line[0]![0] + 1, line[0]![1] + 1]);
    return { width, height, shape: stroke(distinct, pen), paper: () => paper, ink };
  });

const colour = (min: number, max: number): fc.Arbitrary<Colour> => {
  const level = fc.integer({ min, max });
  return fc.tuple(level, level, level);
};

/** Whether core needs no colour to tell what there is, which the graph has not: of faint ink a channel may show more than the brightness. */
function isToldByBrightness(picture: RgbaImage): boolean {
  const { data, width, height } = luma(picture, 255, 1);
  return preprocess(grey(data, width, height)).status === preprocess(picture).status;
}

test('a drawing on even paper becomes what core makes of it, in colours too', async (context) => {
  const session = await graphSession(context);
  await fc.assert(
    fc.asyncProperty(
      drawing,
      fc.constantFrom(1, 2, 3, 4),
      colour(0, 110),
      colour(150, 255),
      (form, channels, black, white) => {
        const drawn = draw(form);
        const picture = channels < 3 ? drawn : tinted(drawn, black, white);
        fc.pre(isToldByBrightness(picture));
        return assertAsCore(session, picture, channels);
      },
    ),
    { numRuns: 400 },
  );
});

test('as core has them: large pictures, thin strokes, faint ink, light on dark, the digit at the edge', async (context) => {
  const session = await graphSession(context);
  const forms: Drawing[] = [
    { width: 300, height: 420, shape: seven(40, 60, 250, 30) },
    { width: 800, height: 700, shape: seven(300, 200, 300, 3) },
    { width: 1100, height: 530, shape: seven(300, 50, 400, 40), paper: () => 240, ink: 0.3 },
    { width: 200, height: 200, shape: seven(50, 50, 100, 6), ink: 0.8 },
    { width: 200, height: 200, shape: seven(50, 50, 100, 6), paper: () => 20, ink: 9 },
    { width: 64, height: 48, shape: seven(-4, 10, 30, 4) },
    { width: 28, height: 28, shape: seven(8, 4, 19, 3) },
    { width: 28, height: 28, shape: seven(2, 2, 9, 2) },
    { width: 150, height: 150, shape: seven(40, 30, 90, 12), noise: 6 },
  ];
  for (const form of forms) await assertAsCore(session, draw(form));
});

test('as core has it: ink along the border, which is no grain', async (context) => {
  const session = await graphSession(context);
  const { images } = await loadMnistSplit('test');
  for (const row of [4, 14, 16, 25, 42, 45, 54, 62]) {
    const cut = cutOut(images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH), 3);
    for (const picture of [cut, inverted(cut)]) {
      assert.equal(preprocess(picture).status, 'ok');
      await assertAsCore(session, picture);
    }
  }
});

test('MNIST images pass as they are', async (context) => {
  const session = await graphSession(context);
  const picture = draw({ width: 28, height: 28, shape: seven(7, 4, 20, 3), paper: () => 0, ink: 0 });
  for (let pixel = 0; pixel < 784; pixel++) {
    const value = pixel >= 140 && pixel < 600 && pixel % 28 > 8 && pixel % 28 < 19 ? (pixel * 37) % 256 : 0;
    picture.data.fill(value, 4 * pixel, 4 * pixel + 3);
  }
  const { input, readable } = await prepare(session, [picture], 1);
  assert.deepEqual(readable, [true]);
  assert.deepEqual(
    [...input],
    Array.from({ length: 784 }, (_, pixel) => Math.fround(picture.data[4 * pixel]! / 255)),
  );
});

test('a picture in a batch is read as it is alone, whatever stands beside it', async (context) => {
  const session = await graphSession(context);
  const size = { width: 90, height: 120 };
  const pictures = [
    draw({ ...size, shape: seven(20, 20, 60, 8) }),
    draw({ ...size, shape: seven(30, 30, 80, 2), paper: () => 30, ink: 7 }),
    draw({ ...size, shape: () => 0 }),
    draw({ ...size, shape: seven(10, 50, 30, 4), paper: () => 200, ink: 0.6 }),
  ];
  const together = await prepare(session, pictures);
  assert.deepEqual(together.readable, [true, true, false, true]);
  for (const [row, picture] of pictures.entries()) {
    const alone = await prepare(session, [picture]);
    assert.deepEqual(
      together.input.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH),
      alone.input,
      `picture ${row}`,
    );
  }
});

test('light ink on a transparent page shows over black, as it does for core', async (context) => {
  const session = await graphSession(context);
  const picture = draw({ width: 80, height: 80, shape: seven(20, 15, 50, 7) });
  for (let at = 0; at < picture.data.length; at += 4) {
    const ink = 255 - picture.data[at]!;
    picture.data.set([255, 255, 255, ink], at);
  }
  await assertAsCore(session, picture);
  await assertAsCore(session, picture, 2);
});

test('a page with nothing on it, or too faint, is told as not readable, its pixels zeros', async (context) => {
  const session = await graphSession(context);
  for (const form of [
    { width: 50, height: 50, shape: () => 0 },
    { width: 50, height: 50, shape: seven(10, 10, 30, 4), ink: 0.93 },
    { width: 1, height: 1, shape: () => 0 },
  ]) {
    const { input, readable } = await prepare(session, [draw(form)]);
    assert.deepEqual(readable, [false]);
    assert.ok(input.every((value) => value === 0));
  }
});

test('pictures of more channels than four are refused', async (context) => {
  const session = await graphSession(context);
  const picture = new Tensor('uint8', new Uint8Array(28 * 28 * 5), [1, 28, 28, 5]);
  await assert.rejects(session.run({ picture }), /indices element out of data bounds/);
});

test('onnxruntime-web gives the same pixels', async (context) => {
  const session = await graphSession(context);
  const picture = draw({ width: 160, height: 130, shape: seven(30, 20, 80, 7) });
  const expected = await prepare(session, [picture], 3);
  web.env.wasm.numThreads = 1;
  const inWasm = await web.InferenceSession.create(GRAPH);
  const feeds = { picture: new web.Tensor('uint8', bytesOf(picture, 3), [1, 130, 160, 3]) };
  const { input, readable } = await inWasm.run(feeds);
  await inWasm.release();
  assert.ok(maxAbsDifference(input!.data as Float32Array, expected.input) <= 1e-6);
  assert.deepEqual(Array.from(readable!.data as Uint8Array), [1]);
});

async function tinyBundle(context: TestContext): Promise<{ root: string; bundle: string }> {
  const root = await mkdtemp(join(tmpdir(), 'tenfold-preprocess-'));
  context.after(() => rm(root, { recursive: true }));
  const bundle = join(root, 'bundle');
  await writeTinyBundle(bundle);
  return { root, bundle };
}

test('before a bundle’s graph it is compared with core, and the file says what it takes', async (context) => {
  const { root, bundle } = await tinyBundle(context);
  const file = join(root, 'pictures.onnx');
  const { preprocessing: parity, bytes } = await exportServedGraph(bundle, file, { testImages: digits() });
  assert.equal(parity!.pictures, 96);
  assert.equal(parity!.top1Agreement, 1);
  assert.ok(parity!.maxAbsDiff < 1e-6);
  const model = new Uint8Array(readFileSync(file));
  assert.equal(model.length, bytes);
  const { graph, metadataProps } = fromBinary(ModelProtoSchema, model);
  assert.deepEqual(
    graph!.input.map(({ name }) => name),
    ['picture'],
  );
  assert.deepEqual(
    graph!.output.map(({ name }) => name),
    ['logits', 'probabilities', 'readable'],
  );
  assert.match(
    metadataProps.find(({ key }) => key === 'picture')!.value,
    /uint8 pictures .* Not in the graph: uneven light/,
  );
});

/** Blots that have a middle, a size and a place like digits'. */
function digits(): Float32Array {
  const { images } = noise(120);
  return images.map((value, index) => {
    const [row, column] = [Math.floor((index % INPUT_LENGTH) / 28), index % 28];
    return row >= 5 && row < 24 && column >= 8 && column < 20 ? 0.5 + value / 2 : 0;
  });
}

test('Triton is told of pictures', async (context) => {
  const { root, bundle } = await tinyBundle(context);
  const { model } = await exportForServer(bundle, 'triton', join(root, 'models'), { testImages: digits() });
  const config = readFileSync(join(model, 'config.pbtxt'), 'utf8');
  assert.match(config, /name: "picture"\s+data_type: TYPE_UINT8\s+dims: \[ -1, -1, -1 \]/);
  assert.match(config, /name: "readable"\s+data_type: TYPE_BOOL\s+dims: \[ 1 \]/);
  assert.match(config, /max_batch_size: 16/);
});

test('a layer that bears a name of the preprocessing is refused', () => {
  const model = chain(
    [28, 28, 1],
    l.flatten(),
    l.dense({ units: 3, name: 'readable' }),
    l.reLU({ name: 'last' }),
  );
  assert.throws(() => withPreprocessing(convertNetwork(model).bytes), {
    code: 'bad-input',
    message: /none of preprocessing's own .* got readable/,
  });
});
