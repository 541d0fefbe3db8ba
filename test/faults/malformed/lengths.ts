import type { RandomStream } from '../../../train/random.js';
import type { Attempt } from '../raw-exchange.js';
import type { Corpus } from './corpus.js';
import { noise, pick } from './draw.js';
import { type Header, httpRequest } from './http.js';

type Make = (random: RandomStream, file: Buffer) => Omit<Attempt, 'name'>;

const send = (parts: Omit<Parameters<typeof httpRequest>[0], 'name'>): Omit<Attempt, 'name'> =>
  httpRequest({ name: '', ...parts });

const chunked: Header = ['Transfer-Encoding', 'chunked'];
const inChunks = (file: Buffer, size = file.length.toString(16), end = '0\r\n\r\n'): Buffer =>
  Buffer.concat([Buffer.from(`${size}\r\n`), file, Buffer.from(`\r\n${end}`)]);
const sendChunks = (body: Buffer, ends = true, headers: readonly Header[] = [chunked]) =>
  send({ headers, body, length: null, ends });

const ODD_LENGTHS = [
  '-1',
  '+5',
  '1e3',
  '0x10',
  '',
  ' ',
  'NaN',
  '1,1',
  '1 1',
  '9'.repeat(30),
  '1.5',
  '18446744073709551617',
];
const ODD_SIZES = [
  '',
  '-1',
  'x',
  '0x5',
  'ffffffffffffffff',
  '7fffffff',
  'fffffffffffffffff',
  '1g',
  ' 5',
  '5 ',
];

/** Requests whose length is not what they say. */
const LENGTHS = {
  'a length too short': (random, file) => send({ body: file, length: String(random.integer(file.length)) }),
  'a length too long': (random, file) =>
    send({ body: file, length: String(file.length + 1 + random.integer(5000)), ends: true }),
  'a length far too long': (_, file) => send({ body: file, length: '1000000000', ends: true }),
  'two equal lengths': (_, file) => send({ body: file, headers: [['Content-Length', String(file.length)]] }),
  'two lengths': (random, file) =>
    send({ body: file, headers: [['Content-Length', String(random.integer(99))]] }),
  'an odd length': (random, file) => send({ body: file, length: pick(random, ODD_LENGTHS), ends: true }),
  'no length': (_, file) => send({ body: file, length: null, ends: true }),
  'a length and chunks': (_, file) => send({ headers: [chunked], body: inChunks(file), ends: true }),
  'an odd transfer encoding': (random, file) =>
    sendChunks(inChunks(file), true, [
      [
        'Transfer-Encoding',
        pick(random, ['gzip', 'chunked, chunked', 'identity', 'x-chunked', 'chunked\t', ' ', 'chunked;a=b']),
      ],
    ]),
  'an odd chunk size': (random, file) => sendChunks(inChunks(file, pick(random, ODD_SIZES))),
  'a chunk size too small': (_, file) => sendChunks(inChunks(file, '3')),
  'no last chunk': (_, file) => sendChunks(inChunks(file, undefined, '')),
  'chunks of one byte': (_, file) =>
    sendChunks(
      Buffer.concat(
        [...file].map((byte) => Buffer.from([0x31, 13, 10, byte, 13, 10])).concat(Buffer.from('0\r\n\r\n')),
      ),
    ),
  'a long chunk extension': (random, file) =>
    sendChunks(inChunks(file, `${file.length.toString(16)};${'e'.repeat(random.integer(60_000))}`)),
  'many trailers': (random, file) =>
    sendChunks(inChunks(file, undefined, `0\r\n${'X-T: v\r\n'.repeat(random.integer(5000))}\r\n`)),
  'a body larger than may be': () => send({ body: Buffer.alloc(11 * 1024 * 1024, 0x89) }),
  'chunks larger than may be': () => sendChunks(inChunks(Buffer.alloc(11 * 1024 * 1024, 0x89))),
  'a length larger than may be': () => send({ length: '99999999', ends: true }),
  'an expectation': (random, file) =>
    send({ body: file, headers: [['Expect', pick(random, ['100-continue', '200-ok', '100-continue, x'])]] }),
  'two requests in one': (_, file) => {
    const one = send({ body: file }).bytes;
    return { bytes: Buffer.concat([one, one, one.subarray(0, 30)]), ends: true };
  },
  'cut off anywhere': (random, file) => {
    const { bytes } = send({ body: file });
    return { bytes: bytes.subarray(0, 1 + random.integer(bytes.length - 1)), ends: true };
  },
  'noise for a request': (random) => ({ bytes: noise(random, 1 + random.integer(2000)), ends: true }),
  'another protocol': (random) => ({
    bytes: Buffer.from(
      pick(random, [
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
        'GET /\r\n',
        'HELO digit\r\n',
        '\r\n\r\n\r\n',
        'POST /predict HTTP/9.9\r\n\r\n',
        'POST /predict HTTP/1.0\r\n\r\n',
        'POST /predict HTTP/1.1\r\n\r\n',
      ]),
      'latin1',
    ),
    ends: true,
  }),
} satisfies Record<string, Make>;

export function oddLength(random: RandomStream, { sane }: Corpus): Attempt {
  const name = pick(random, Object.keys(LENGTHS) as (keyof typeof LENGTHS)[]);
  const make: Make = LENGTHS[name];
  return { name: `length, ${name}`, ...make(random, sane.bytes) };
}
