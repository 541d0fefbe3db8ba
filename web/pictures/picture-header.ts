/** What a picture's file says of itself before anything is decoded. */
export interface PictureHeader {
  width: number;
  height: number;
  /** Whether it has more than one frame. */
  isAnimated: boolean;
}

/** A file that ends early reads as zeros: nothing of it is decoded for that. */
class Bytes {
  constructor(private readonly bytes: Uint8Array) {}
  at = (offset: number): number => this.bytes[offset] ?? 0;
  big16 = (offset: number): number => this.at(offset) * 256 + this.at(offset + 1);
  big32 = (offset: number): number => this.big16(offset) * 65_536 + this.big16(offset + 2);
  little16 = (offset: number): number => this.at(offset) + this.at(offset + 1) * 256;
  little24 = (offset: number): number => this.little16(offset) + this.at(offset + 2) * 65_536;
  text = (offset: number, length: number): string =>
    String.fromCharCode(...this.bytes.subarray(offset, offset + length));
  get length(): number {
    return this.bytes.length;
  }
}

interface Kind {
  matches(bytes: Bytes): boolean;
  read(bytes: Bytes): PictureHeader;
}

const KINDS: readonly Kind[] = [
  {
    // PNG, https://www.w3.org/TR/png-3/
    matches: (bytes) => bytes.text(0, 8) === '\x89PNG\r\n\x1a\n',
    read: (bytes) => ({
      width: bytes.big32(16),
      height: bytes.big32(20),
      isAnimated: hasAnimationControl(bytes),
    }),
  },
  {
    // JPEG, ITU-T T.81
    matches: (bytes) => bytes.text(0, 3) === '\xff\xd8\xff',
    read: readJpeg,
  },
  {
    // WebP, RFC 9649
    matches: (bytes) => bytes.text(0, 4) === 'RIFF' && bytes.text(8, 4) === 'WEBP',
    read: readWebp,
  },
  {
    // GIF, https://www.w3.org/Graphics/GIF/spec-gif89a.txt
    matches: (bytes) => /^GIF8[79]a$/.test(bytes.text(0, 6)),
    read: (bytes) => ({
      width: bytes.little16(6),
      height: bytes.little16(8),
      isAnimated: hasSecondFrame(bytes),
    }),
  },
];

/** Reads the header of a PNG, JPEG, WebP or GIF file; null where it is none. */
export function readHeader(file: Uint8Array): PictureHeader | null {
  const bytes = new Bytes(file);
  return KINDS.find(({ matches }) => matches(bytes))?.read(bytes) ?? null;
}

/** An animated PNG says so before its first pixel. */
function hasAnimationControl(bytes: Bytes): boolean {
  for (let offset = 8; offset < bytes.length; offset += 12 + bytes.big32(offset)) {
    const chunk = bytes.text(offset + 4, 4);
    if (chunk === 'acTL') return true;
    if (chunk === 'IDAT') return false;
  }
  return false;
}

function readJpeg(bytes: Bytes): PictureHeader {
  let offset = 2;
  while (offset < bytes.length) {
    const marker = bytes.at(offset + 1);
    // A marker may be filled up with 0xff.
    if (bytes.at(offset) !== 0xff || marker === 0xff) offset += 1;
    else if (isFrame(marker)) {
      return { width: bytes.big16(offset + 7), height: bytes.big16(offset + 5), isAnimated: false };
    } else offset += 2 + bytes.big16(offset + 2);
  }
  return { width: 0, height: 0, isAnimated: false };
}

/** SOF0 to SOF15, which the tables DHT, JPG and DAC are among but not of. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function readWebp(bytes: Bytes): PictureHeader {
  const still = (width: number, height: number) => ({ width, height, isAnimated: false });
  const first = bytes.text(12, 4);
  if (first === 'VP8X') {
    return {
      width: bytes.little24(24) + 1,
      height: bytes.little24(27) + 1,
      isAnimated: (bytes.at(20) & 2) !== 0,
    };
  }
  if (first === 'VP8L') {
    const packed = bytes.little24(21) + bytes.at(24) * 2 ** 24;
    return still((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
  }
  return still(bytes.little16(26) & 0x3fff, bytes.little16(28) & 0x3fff);
}

function hasSecondFrame(bytes: Bytes): boolean {
  const tableBytes = (packed: number) => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);
  const afterSubBlocks = (start: number) => {
    let offset = start;
    while (bytes.at(offset) !== 0) offset += 1 + bytes.at(offset);
    return offset + 1;
  };
  let frames = 0;
  let offset = 13 + tableBytes(bytes.at(10));
  while (offset < bytes.length && frames < 2) {
    const introducer = bytes.at(offset);
    if (introducer === 0x21) offset = afterSubBlocks(offset + 2);
    else if (introducer === 0x2c) {
      frames++;
      offset = afterSubBlocks(offset + 11 + tableBytes(bytes.at(offset + 9)));
    } else break;
  }
  return frames > 1;
}
