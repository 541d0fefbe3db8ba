import { unmet } from '../../core/errors.js';

/** The kinds of picture that are decoded. */
export type PictureKind = 'PNG' | 'JPEG' | 'WebP' | 'GIF';

/** How their files begin. */
const SIGNATURES: { readonly [K in PictureKind]: (bytes: Buffer) => boolean } = {
  PNG: (bytes) => bytes.length >= 8 && bytes.readUInt32BE(0) === 0x89504e47,
  JPEG: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  WebP: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  GIF: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
};
const KINDS = Object.keys(SIGNATURES) as PictureKind[];
const ACCEPTED = 'a PNG, JPEG, WebP or GIF picture';

/** The kinds that people send by mistake, so that the message can name them. */
const REFUSED: { readonly [kind: string]: (bytes: Buffer) => boolean } = {
  'an SVG drawing': (bytes) => /<svg[\s>]/i.test(bytes.toString('utf8', 0, 1024)),
  'a PDF document': (bytes) => bytes.toString('latin1', 0, 5) === '%PDF-',
  'a TIFF picture': (bytes) => /^(II\*\0|MM\0\*)/.test(bytes.toString('latin1', 0, 4)),
  'a HEIF or AVIF picture': (bytes) => bytes.toString('latin1', 4, 8) === 'ftyp',
};

/**
 * The kind that a file's first bytes say it is, whatever its name.
 * @throws TenfoldError `bad-input` where it is empty, `unsupported-media` where it is none of the four kinds.
 */
export function pictureKind(bytes: Buffer, name: string): PictureKind {
  const advice = 'Send the picture as PNG.';
  if (bytes.length === 0) {
    throw unmet({ code: 'bad-input', what: name, expected: ACCEPTED, got: 'no bytes at all', advice });
  }
  const kind = KINDS.find((candidate) => SIGNATURES[candidate](bytes));
  if (kind !== undefined) return kind;
  const known = Object.entries(REFUSED).find(([, matches]) => matches(bytes))?.[0];
  const start = bytes.toString('hex', 0, 8);
  const got = known ?? `bytes that begin with ${start}`;
  throw unmet({ code: 'unsupported-media', what: name, expected: ACCEPTED, got, advice });
}
