import sharp from 'sharp';
import type { RgbaImage } from '../../../core/image.js';
import { blankCanvas, type Colour, developed, lay, shrunk } from './canvas.js';
import type { Size } from './contour.js';
import { drawPage, inkOpacity } from './paper.js';
import {
  between,
  darkGrey,
  drawPlacement,
  drawSize,
  lightGrey,
  oneOf,
  type PictureKind,
  penColour,
  type Range,
  written,
} from './scene.js';

const JPEG_QUALITY = 20;

/** The picture as it comes out of a JPEG file, its colours halved in resolution as cameras do. */
async function throughJpeg({ width, height, data }: RgbaImage): Promise<RgbaImage> {
  const file = await sharp(data, { raw: { width, height, channels: 4 } })
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:2:0' })
    .toBuffer();
  const decoded = await sharp(file).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  return { width, height, data: new Uint8Array(decoded) };
}

export const jpeg: PictureKind = {
  title: `JPEG at quality ${JPEG_QUALITY}`,
  summary: `Pens on five papers, through a JPEG file of quality ${JPEG_QUALITY}, 4:2:0`,
  draw(digit, random) {
    const size = drawSize(random);
    const covered = written(digit, size, drawPlacement(size, random));
    return throughJpeg(
      developed(lay(drawPage(size, random), covered, penColour(random), inkOpacity(random))),
    );
  },
};

/** Sides of small pictures, and what they are made smaller by: it is the larger that the digit is drawn in. */
const SMALL_SIDES: Range = [18, 40];
const REDUCTION = 8;
const SMALL_SHARE: Range = [0.55, 0.85];
/** The digit's longer side, pixels, at least. */
const LEAST_SIDE = 12;

export const lowResolution: PictureKind = {
  title: 'Low resolution',
  summary: `Averaged down by ${REDUCTION} to 18 to 40 pixels a side, the digit at least ${LEAST_SIDE} pixels high or wide`,
  draw(digit, random) {
    const small = drawSize(random, SMALL_SIDES);
    const size: Size = { width: small.width * REDUCTION, height: small.height * REDUCTION };
    const least = LEAST_SIDE / Math.min(small.width, small.height);
    const share: Range = [Math.max(SMALL_SHARE[0], least), Math.max(SMALL_SHARE[1], least)];
    const covered = written(digit, size, drawPlacement(size, random, share));
    const large = lay(blankCanvas(size, lightGrey(random)), covered, darkGrey(random));
    return developed(shrunk(large, REDUCTION));
  },
};

/** What drawing programs leave behind transparent pixels. */
const UNDERNEATH: readonly Colour[] = [
  [0, 0, 0],
  [255, 255, 255],
];
const WHITE_INK: Colour = [255, 255, 255];

export const transparent: PictureKind = {
  title: 'Transparent PNG',
  summary: 'Ink on nothing: three in four in the colour of a pen, one in four white; 70 to 100% opaque',
  draw(digit, random) {
    const size = drawSize(random);
    const covered = written(digit, size, drawPlacement(size, random));
    const ink = random.integer(4) === 0 ? WHITE_INK : penColour(random);
    const under = oneOf(random, UNDERNEATH);
    const opacity = between(random, [0.7, 1]);
    const data = new Uint8ClampedArray(size.width * size.height * 4);
    for (const [pixel, share] of covered.data.entries()) {
      const alpha = Math.round(255 * opacity * share);
      data.set(alpha > 0 ? ink : under, pixel * 4);
      data[pixel * 4 + 3] = alpha;
    }
    return { ...size, data };
  },
};
