import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { chunk, greyPng, rowPicture } from '../../serve/pictures.js';

/** A real file that a bad one is made of. */
export interface RealFile {
  name: string;
  type: string;
  bytes: Buffer;
}

export interface Corpus {
  /** Whole files of every kind that the service reads, in the variants that real programs write. */
  files: RealFile[];
  /** Files of kinds that it refuses. */
  foreign: RealFile[];
  /** Small files that say, or hold, a great many pixels or bytes. */
  bombs: RealFile[];
  /** The file of a sane request, and its digit under the tiny bundle. */
  sane: { bytes: Buffer; digit: number };
}

const SANE_DIGIT = 7;

/** By sharp, which wraps the libraries that most programs write such files with. */
export async function makeCorpus(): Promise<Corpus> {
  const raw = { width: 28, height: 28, channels: 1 } as const;
  const small = () => sharp(Buffer.from(rowPicture(SANE_DIGIT)), { raw });
  const page = () => small().resize(160, 160).negate().toColourspace('srgb');
  const frames = await Promise.all([page().png().toBuffer(), page().negate().png().toBuffer()]);
  const film = () => sharp(frames, { join: { animated: true } });
  const make = async (name: string, type: string, picture: Sharp): Promise<RealFile> => ({
    name,
    type,
    bytes: await picture.toBuffer(),
  });
  const files = await Promise.all([
    make('small PNG', 'image/png', small().png()),
    make('PNG', 'image/png', page().png()),
    make('palette PNG', 'image/png', page().png({ palette: true })),
    make('interlaced PNG', 'image/png', page().png({ progressive: true })),
    make('16-bit PNG', 'image/png', page().toColourspace('rgb16').png()),
    make('PNG with alpha', 'image/png', page().ensureAlpha(0.5).png()),
    make('JPEG', 'image/jpeg', page().jpeg()),
    make('progressive JPEG', 'image/jpeg', page().jpeg({ progressive: true })),
    make('CMYK JPEG', 'image/jpeg', page().toColourspace('cmyk').jpeg()),
    make('turned JPEG', 'image/jpeg', page().withMetadata({ orientation: 6 }).jpeg()),
    make('WebP', 'image/webp', page().webp()),
    make('lossless WebP', 'image/webp', page().webp({ lossless: true })),
    make('animated WebP', 'image/webp', film().webp()),
    make('GIF', 'image/gif', page().gif()),
    make('animated GIF', 'image/gif', film().gif()),
  ]);
  const foreign = await Promise.all([
    make('TIFF', 'image/tiff', page().tiff()),
    make('AVIF', 'image/avif', small().avif()),
  ]);
  const text = (name: string, type: string, content: string) =>
    foreign.push({ name, type, bytes: Buffer.from(content) });
  text('SVG', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>');
  text('SVG that includes', 'image/svg+xml', '<svg><image href="file:///etc/passwd"/></svg>');
  text('PDF', 'application/pdf', '%PDF-1.7\n1 0 obj\n<<>>\nendobj\n');
  text('ImageMagick script', 'text/x-mvg', 'push graphic-context\nimage over 0,0 0,0 "https://127.0.0.1/"\n');
  text('PostScript', 'application/postscript', '%!PS\nshowpage\n');
  return { files, foreign, bombs: await makeBombs(), sane: { bytes: saneFile(), digit: SANE_DIGIT } };
}

const saneFile = (): Buffer => greyPng(rowPicture(SANE_DIGIT));

/** A side of a bomb that says the truth: some more than the 25 million pixels that a picture may have. */
const BOMB_SIDE = 5100;

async function makeBombs(): Promise<RealFile[]> {
  const blank = (width: number, height = width) =>
    sharp({ create: { width, height, channels: 3, background: 'white' } });
  // As many pixels as may be, white: a blank page that takes all the memory that one picture can.
  const most = blank(5000).toColourspace('b-w');
  const frames = await Promise.all([blank(32), blank(32).negate()].map((frame) => frame.png().toBuffer()));
  const film = Array.from({ length: 200 }, (_, index) => frames[index % 2]!);
  const truth = blank(BOMB_SIDE).toColourspace('b-w');
  return [
    { name: 'PNG bomb', type: 'image/png', bytes: await truth.clone().png().toBuffer() },
    { name: 'JPEG bomb', type: 'image/jpeg', bytes: await truth.clone().jpeg({ quality: 1 }).toBuffer() },
    {
      name: 'WebP bomb',
      type: 'image/webp',
      bytes: await blank(16_383, 1600).webp({ lossless: true, effort: 0 }).toBuffer(),
    },
    {
      name: 'GIF of 200 frames',
      type: 'image/gif',
      bytes: await sharp(film, { join: { animated: true } })
        .gif()
        .toBuffer(),
    },
    { name: 'PNG of the most pixels', type: 'image/png', bytes: await most.png().toBuffer() },
    { name: 'PNG 1 pixel high', type: 'image/png', bytes: await blank(65_000, 1).png().toBuffer() },
    { name: 'PNG 1 pixel wide', type: 'image/png', bytes: await blank(1, 65_000).png().toBuffer() },
    { name: 'PNG with a text of 40 MB', type: 'image/png', bytes: withText(saneFile(), 40_000_000) },
  ];
}

/** A compressed text chunk behind the header. */
function withText(file: Buffer, length: number): Buffer {
  const data = Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(length))]);
  return insertChunk(file, 'zTXt', data);
}

const IHDR_END = 33;

function insertChunk(file: Buffer, type: string, data: Buffer): Buffer {
  return Buffer.concat([file.subarray(0, IHDR_END), chunk(type, data), file.subarray(IHDR_END)]);
}
