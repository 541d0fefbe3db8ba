import { TenfoldError, unmet } from '../../core/errors.js';
import { decode } from '../pictures/pixels.js';
import type { Picture } from '../worker/protocol.js';

/** What `classify` takes: a file, an image's address, or what a page already has of a picture. */
export type PictureSource =
  | Blob
  | ImageBitmap
  | ImageData
  | HTMLImageElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | string
  | URL;

/** A picture that was given. */
export interface GivenPicture {
  /** For the model, which takes it away. */
  pixels: Picture;
  /** For the eye; to be drawn before `pixels` is handed over. */
  shown: ImageBitmap;
  /** The file that was given; null where none was. */
  file: File | null;
  /** The picture as a file: the one that was given, or a PNG of its pixels. */
  toBlob(): Promise<Blob>;
}

/**
 * @throws TenfoldError what `decode` throws; `forbidden` where the browser keeps a picture of another origin from the page;
 * `bad-input` where there are no pixels; `unavailable` or `not-found` where an address gives none.
 */
export async function pictureOf(source: PictureSource | Promise<PictureSource>): Promise<GivenPicture> {
  try {
    return await read(await source);
  } catch (cause) {
    if (cause instanceof TenfoldError) throw cause;
    throw unmet({
      code: 'bad-input',
      what: 'the picture',
      expected: 'one with pixels',
      got: (cause as Error).message,
      advice: 'Give one that is loaded and not empty.',
      cause,
    });
  }
}

async function read(source: PictureSource): Promise<GivenPicture> {
  if (source instanceof Blob) return fromFile(source);
  if (typeof source === 'string' || source instanceof URL) return fromFile(await fetchPicture(source));
  if (source instanceof ImageData) return fromPixels(source);
  return fromBitmap(await bitmapOf(source));
}

async function fromFile(file: Blob): Promise<GivenPicture> {
  const bitmap = await decode(file);
  return {
    pixels: bitmap,
    shown: bitmap,
    file: file instanceof File ? file : null,
    toBlob: async () => file,
  };
}

async function fromPixels({ data, width, height }: ImageData): Promise<GivenPicture> {
  // The caller's own stay where they are.
  const pixels = new ImageData(new Uint8ClampedArray(data), width, height);
  const shown = await createImageBitmap(pixels, { premultiplyAlpha: 'none' });
  return { pixels, shown, file: null, toBlob: () => pngOf(shown) };
}

async function fromBitmap(shown: ImageBitmap): Promise<GivenPicture> {
  const pixels = await createImageBitmap(shown, { premultiplyAlpha: 'none' });
  return { pixels, shown, file: null, toBlob: () => pngOf(shown) };
}

async function bitmapOf(
  source: Exclude<PictureSource, Blob | string | URL | ImageData>,
): Promise<ImageBitmap> {
  if (source instanceof HTMLImageElement) await source.decode();
  const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as const;
  const bitmap = await createImageBitmap(source, options);
  checkOrigin(bitmap);
  return bitmap;
}

/** A bitmap of another origin's picture shows, but cannot be read. */
function checkOrigin(bitmap: ImageBitmap): void {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  try {
    context.getImageData(0, 0, 1, 1);
  } catch (cause) {
    throw unmet({
      code: 'forbidden',
      what: 'the picture',
      expected: 'one whose pixels this page may read',
      got: 'one of another origin',
      advice: 'Load it with crossorigin="anonymous" from a server that allows it.',
      cause,
    });
  }
}

async function fetchPicture(address: string | URL): Promise<Blob> {
  const expectation = { what: String(address), expected: 'a picture' };
  let response: Response;
  try {
    response = await fetch(address);
    if (response.ok) return await response.blob();
  } catch (cause) {
    const got = (cause as Error).message;
    const advice = 'Check the address, and whether its server lets this page read it.';
    throw unmet({ ...expectation, code: 'unavailable', got, advice, cause });
  }
  throw unmet({
    ...expectation,
    code: response.status < 500 ? 'not-found' : 'unavailable',
    got: `${response.status} ${response.statusText}`.trim(),
    advice: 'Check the address.',
  });
}

function pngOf(bitmap: ImageBitmap): Promise<Blob> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
