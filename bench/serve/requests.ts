import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { MANIFEST_FILE, type Manifest } from '../../core/manifest.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';

/** What a connection asks for, again and again. */
export const REQUEST_KINDS = ['png', 'jpeg', 'infer-1', 'infer-64'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export interface Target {
  /** `host:port` */
  host: string;
  /** The model's name in `/v2/models/NAME/infer`. */
  model: string;
}

type Prepare = (images: Uint8Array, target: Target) => Promise<Buffer[]>;

const BOUNDARY = 'tenfold-load';
/** Different pictures of each kind, so that no cache answers: as many as stay some ten megabytes. */
const PNGS = 200;
const JPEGS = 16;
const TENSORS = 32;
/** A megapixel. */
const JPEG_SIDE = 1000;

const PREPARE: { readonly [K in RequestKind]: Prepare } = {
  png: (images, { host }) =>
    each(PNGS, async (row) => predictRequest(await digit(images, row).png().toBuffer(), 'image/png', host)),
  jpeg: (images, { host }) =>
    each(JPEGS, async (row) => {
      // Dark on light, as a photograph of paper is.
      const page = digit(images, row).resize(JPEG_SIDE, JPEG_SIDE).negate().toColourspace('srgb');
      return predictRequest(await page.jpeg().toBuffer(), 'image/jpeg', host);
    }),
  'infer-1': (images, target) => each(TENSORS, async (row) => inferRequest(images, row, 1, target)),
  'infer-64': (images, target) => each(TENSORS, async (row) => inferRequest(images, row, 64, target)),
};

/** Whole HTTP requests of that kind, of MNIST's test images. */
export async function prepareRequests(kind: RequestKind, target: Target): Promise<Buffer[]> {
  const { images } = await loadMnistSplit('test');
  return PREPARE[kind](images, target);
}

/** MNIST's first test image as a file. */
export async function onePng(): Promise<Buffer> {
  const { images } = await loadMnistSplit('test');
  return digit(images, 0).png().toBuffer();
}

/** The name of a bundle's model, by its manifest. */
export async function modelNameOf(bundleDirectory: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(bundleDirectory, MANIFEST_FILE), 'utf8')) as Manifest;
  return manifest.name;
}

const each = (count: number, make: (row: number) => Promise<Buffer>): Promise<Buffer[]> =>
  Promise.all(Array.from({ length: count }, (_, row) => make(row)));

function digit(images: Uint8Array, row: number) {
  const pixels = Buffer.from(images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH));
  return sharp(pixels, { raw: { width: INPUT_SIDE, height: INPUT_SIDE, channels: 1 } });
}

/** The body that a browser or curl makes of one file in the field `image`. */
export function form(file: Uint8Array, type: string): { contentType: string; body: Buffer } {
  const part =
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="digit"\r\n` +
    `Content-Type: ${type}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(part), file, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${BOUNDARY}`, body };
}

/** A whole `POST /predict` of one file. */
export function predictRequest(file: Uint8Array, type: string, host: string): Buffer {
  const { contentType, body } = form(file, type);
  return Buffer.concat([head('/predict', host, { 'Content-Type': contentType }, body.length), body]);
}

/** Open Inference with the binary extension: JSON, then the pixels as little-endian float32, ink 1 on 0. */
function inferRequest(images: Uint8Array, row: number, count: number, { host, model }: Target): Buffer {
  const from = row * count * INPUT_LENGTH;
  const input = Float32Array.from(images.subarray(from, from + count * INPUT_LENGTH), (ink) => ink / 255);
  const tensor = {
    name: 'input',
    shape: [count, 1, INPUT_SIDE, INPUT_SIDE],
    datatype: 'FP32',
    parameters: { binary_data_size: input.byteLength },
  };
  const json = Buffer.from(JSON.stringify({ inputs: [tensor], parameters: { binary_data_output: true } }));
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Inference-Header-Content-Length': String(json.length),
  };
  const path = `/v2/models/${encodeURIComponent(model)}/infer`;
  const body = Buffer.concat([json, Buffer.from(input.buffer)]);
  return Buffer.concat([head(path, host, headers, body.length), body]);
}

function head(path: string, host: string, headers: Record<string, string>, length: number): Buffer {
  const lines = Object.entries({ Host: host, ...headers, 'Content-Length': String(length) });
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${text}\r\n`);
}
