import { crc32 } from 'node:zlib';
import type { RandomStream } from '../../../train/random.js';
import type { Corpus } from './corpus.js';
import { noise, ODD_NUMBERS, pick, place } from './draw.js';

/** Makes a damaged file of a whole one. */
type Damage = (file: Buffer, random: RandomStream, corpus: Corpus) => Buffer;

function flipBits(file: Buffer, random: RandomStream): Buffer {
  const bytes = Buffer.from(file);
  for (let count = 1 + random.integer(20); count > 0; count--) {
    bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
  }
  return bytes;
}

function setOddNumber(file: Buffer, random: RandomStream): Buffer {
  const bytes = Buffer.from(file);
  // Most headers lie in the first hundred bytes.
  const at = random.integer(Math.min(bytes.length - 4, random.next() < 0.7 ? 100 : bytes.length - 4));
  const number = pick(random, ODD_NUMBERS);
  if (random.next() < 0.5) bytes.writeUInt32LE(number, at);
  else bytes.writeUInt32BE(number, at);
  return bytes;
}

const DAMAGES = {
  'bits flipped': flipBits,
  'cut off': (file, random) => file.subarray(0, place(random, file)),
  'its start cut off': (file, random) => file.subarray(place(random, file)),
  'a part missing'(file, random) {
    const at = place(random, file);
    return Buffer.concat([file.subarray(0, at), file.subarray(at + random.integer(64))]);
  },
  'a part doubled'(file, random) {
    const [from, to] = [place(random, file), place(random, file)];
    return Buffer.concat([file.subarray(0, Math.max(from, to)), file.subarray(Math.min(from, to))]);
  },
  'noise inserted'(file, random) {
    const at = place(random, file);
    return Buffer.concat([file.subarray(0, at), noise(random, 1 + random.integer(64)), file.subarray(at)]);
  },
  'noise behind the signature': (file, random) =>
    Buffer.concat([file.subarray(0, 12), noise(random, random.integer(2000))]),
  'an odd number': setOddNumber,
  'spliced with another kind'(file, random, { files }) {
    const other = pick(random, files).bytes;
    return Buffer.concat([file.subarray(0, place(random, file)), other.subarray(place(random, other))]);
  },
  'another file behind it': (file, random, { files, foreign }) =>
    Buffer.concat([file, pick(random, [...files, ...foreign]).bytes]),
  'another file before it': (file, random, { files, foreign }) =>
    Buffer.concat([pick(random, [...files, ...foreign]).bytes, file]),
  'a page behind it': (file) => Buffer.concat([file, Buffer.from('<html><script>alert(1)</script></html>')]),
  'an archive behind it': (file) => Buffer.concat([file, Buffer.from('PK\x03\x04\x14\0\0\0\0\0', 'latin1')]),
  'another kind of header': (file, random, { files }) =>
    Buffer.concat([pick(random, files).bytes.subarray(0, 12), file.subarray(12)]),
  'an odd size, its checksum right'(file, random) {
    const bytes = Buffer.from(file);
    if (bytes.toString('latin1', 12, 16) !== 'IHDR') return setOddNumber(file, random);
    bytes.writeUInt32BE(pick(random, ODD_NUMBERS), pick(random, [16, 20]));
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    return bytes;
  },
  'an odd depth or colour, its checksum right'(file, random) {
    const bytes = Buffer.from(file);
    if (bytes.toString('latin1', 12, 16) !== 'IHDR') return flipBits(file, random);
    bytes[24 + random.integer(5)] = random.integer(18);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    return bytes;
  },
} satisfies Record<string, Damage>;

const NAMES = Object.keys(DAMAGES) as (keyof typeof DAMAGES)[];

/** A real file damaged once, sometimes twice. */
export function damaged(random: RandomStream, corpus: Corpus): { name: string; type: string; bytes: Buffer } {
  const { name, type, bytes } = pick(random, corpus.files);
  const first = pick(random, NAMES);
  const once = (DAMAGES[first] as Damage)(bytes, random, corpus);
  // A few bytes cannot be damaged much further.
  if (random.next() < 0.7 || once.length < 64) return { name: `${name}, ${first}`, type, bytes: once };
  const second = pick(random, NAMES);
  const twice = (DAMAGES[second] as Damage)(once, random, corpus);
  return { name: `${name}, ${first}, ${second}`, type, bytes: twice };
}
