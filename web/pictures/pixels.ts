import { unmet } from '../../core/errors.js';
import type { RgbaImage } from '../../core/image.js';
import { readHeader } from './picture-header.js';

/** Larger files are refused before they are decoded, bytes. */
export const MOST_FILE_BYTES = 32 * 1024 * 1024;
/** Larger pictures are refused before they are decoded; beyond this canvases fail silently on phones. */
export const MOST_PIXELS = 32_000_000;

/**
 * Decodes a picture as it is: no colour conversion and no resizing, turned by its EXIF orientation.
 * @throws TenfoldError `too-large`, `bad-input` where it is empty or damaged, `unsupported-media` where it is no picture or an animation,
 * `unavailable` where the file is gone.
 */
export async function decode(file: Blob): Promise<ImageBitmap> {
  const name = file instanceof File && file.name ? file.name : 'the picture';
  checkSize(file, name);
  checkHeader(await bytesOf(file, name), file.type, name);
  try {
    return await createImageBitmap(file, {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
      imageOrientation: 'from-image',
    });
  } catch (cause) {
    throw unmet({
      code: 'bad-input',
      what: name,
      expected: 'a whole, undamaged picture',
      got: 'one that the browser cannot decode',
      advice: 'Save it again as PNG, or make a screenshot of it.',
      cause,
    });
  }
}

async function bytesOf(file: Blob, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw unmet({
      code: 'unavailable',
      what: name,
      expected: 'a file that is still there',
      got: (cause as Error).message,
      advice: 'Choose it again.',
      cause,
    });
  }
}

function checkHeader(bytes: Uint8Array, type: string, name: string): void {
  const header = readHeader(bytes);
  if (!header) {
    throw unmet({
      code: 'unsupported-media',
      what: name,
      expected: 'a PNG, JPEG, WebP or GIF picture',
      got: type || 'a file of unknown type',
      advice: 'Save it as PNG, or make a screenshot of it.',
    });
  }
  const { width, height, isAnimated } = header;
  if (isAnimated) {
    throw unmet({
      code: 'unsupported-media',
      what: name,
      expected: 'a picture that stands still',
      got: 'an animation',
      advice: 'Make a screenshot of the frame to read.',
    });
  }
  if (width * height > MOST_PIXELS) {
    throw unmet({
      code: 'too-large',
      what: name,
      expected: `at most ${MOST_PIXELS / 1e6} million pixels`,
      got: `${width} x ${height}`,
      advice: 'Crop it to the digit.',
    });
  }
}

function checkSize(file: Blob, name: string): void {
  if (file.size === 0) {
    throw unmet({
      code: 'bad-input',
      what: name,
      expected: 'a picture',
      got: 'an empty file',
      advice: 'Choose another file.',
    });
  }
  if (file.size > MOST_FILE_BYTES) {
    throw unmet({
      code: 'too-large',
      what: name,
      expected: `at most ${MOST_FILE_BYTES / 1024 / 1024} MiB`,
      got: `${Math.ceil(file.size / 1024 / 1024)} MiB`,
      advice: 'Crop it to the digit.',
    });
  }
}

/**
 * The pixels of a decoded picture, one for one; closes the bitmap. Runs in a worker. Half transparent colours are exact where the browser has
 * WebGL 2, else rounded.
 */
export function pixelsOf(bitmap: ImageBitmap): RgbaImage {
  const drawn = pixelsByCanvas(bitmap);
  // A canvas keeps colours times alpha, and gives back what is left of them; a texture keeps what it is given, but is slower to make.
  const image = isHalfTransparent(drawn) ? (pixelsByTexture(bitmap) ?? drawn) : drawn;
  bitmap.close();
  return image;
}

function pixelsByCanvas(bitmap: ImageBitmap): RgbaImage {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}

function isHalfTransparent({ data }: RgbaImage): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0 && data[at] !== 255) return true;
  return false;
}

/** null where there is no WebGL 2, or none for so large a picture. */
function pixelsByTexture(bitmap: ImageBitmap): RgbaImage | null {
  const { width, height } = bitmap;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl || Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) return null;
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const data = new Uint8ClampedArray(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, data);
  const isRead = gl.getError() === gl.NO_ERROR;
  // Browsers allow few contexts at once, and free them late.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return isRead ? { width, height, data } : null;
}
