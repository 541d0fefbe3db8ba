import { deflateSync, gzipSync } from 'node:zlib';
import { INPUT_LENGTH } from '../../../core/image.js';
import type { RandomStream } from '../../../train/random.js';
import type { Attempt } from '../raw-exchange.js';
import { noise, pick } from './draw.js';
import { type Header, httpRequest, typed } from './http.js';
import { JSON_TEXTS } from './json.js';

const SHAPES = [
  [],
  [0],
  [1],
  [1, 1, 28],
  [28, 28],
  [1, 28, 28, 1],
  [1, 1, 28, 28, 1],
  [0, 1, 28, 28],
  [-1, 1, 28, 28],
  [1.5, 1, 28, 28],
  [1e9, 1e9, 28, 28],
  [2 ** 53, 1, 28, 28],
  ['1', 1, 28, 28],
  [null, 1, 28, 28],
  'wide',
  null,
  {},
];
const DATATYPES = [
  'FP64',
  'FP16',
  'BF16',
  'INT8',
  'UINT64',
  'BOOL',
  'BYTES',
  'fp32',
  '',
  null,
  7,
  '__proto__',
];
const SIZES = [-1, 0, 1, 3135, 3137, 1e9, 2 ** 31, 2 ** 53, 1e300, 0.5, '3136', null, [], {}];
const HEADER_LENGTHS = ['-1', '0', '1', '4294967296', '1e3', 'NaN', '', '0x10', '9'.repeat(400), '12, 12'];

const good = (count = 1) => ({
  name: 'input',
  shape: [count, 1, 28, 28] as unknown,
  datatype: 'FP32' as unknown,
  parameters: { binary_data_size: count * INPUT_LENGTH * 4 } as unknown,
});
type Tensor = Record<string, unknown>;

interface Inference {
  json: string | Buffer | object;
  tail?: Buffer;
  /** The length of the JSON as its header says; null leaves it out. */
  headerLength?: string | null;
  headers?: readonly Header[];
}

const binary = (tensor: Tensor, tail = tensorBytes()): Inference => ({ json: { inputs: [tensor] }, tail });
const tensorBytes = (count = 1): Buffer => Buffer.alloc(count * INPUT_LENGTH * 4);
const plain = (data: unknown, tensor: Tensor = {}): Inference => ({
  json: { inputs: [{ name: 'input', shape: [1, 1, 28, 28], datatype: 'FP32', ...tensor, data }] },
  headerLength: null,
});

/** Open Inference requests whose parts do not agree. */
const INFERENCES = {
  'an odd shape': (random) => binary({ ...good(), shape: pick(random, SHAPES) }),
  'an odd shape with data': (random) =>
    plain(new Array(INPUT_LENGTH).fill(0), { shape: pick(random, SHAPES) }),
  'an odd datatype': (random) => binary({ ...good(), datatype: pick(random, DATATYPES) }),
  'an odd size': (random) => binary({ ...good(), parameters: { binary_data_size: pick(random, SIZES) } }),
  'odd parameters': (random) =>
    binary({ ...good(), parameters: pick(random, [null, 7, 'x', [], [1], { binary_data_size: { a: 1 } }]) }),
  'fewer bytes': (random) => binary(good(), tensorBytes().subarray(0, random.integer(3136))),
  'more bytes': (random) =>
    binary(good(), Buffer.concat([tensorBytes(), noise(random, 1 + random.integer(99))])),
  'numbers that are none': (random) => binary(good(), Buffer.alloc(3136, pick(random, [0xff, 0x7f]))),
  'noise as numbers': (random) => binary(good(4), noise(random, 4 * 3136)),
  'a header length that lies': (random) => ({
    ...binary(good()),
    headerLength: pick(random, [...HEADER_LENGTHS, String(random.integer(4000))]),
  }),
  'no header length': () => ({ ...binary(good()), headerLength: null }),
  'other names': (random) =>
    binary({ ...good(), name: pick(random, ['', 'output', '__proto__', 'x'.repeat(10_000), 7, null]) }),
  'the input twice': () => ({ json: { inputs: [good(), good()] }, tail: tensorBytes(2) }),
  'many inputs': (random) => ({
    json: { inputs: new Array(1 + random.integer(5000)).fill(good()) },
    tail: tensorBytes(),
  }),
  'odd inputs': (random) => ({
    json: { inputs: pick(random, [null, [], {}, 7, 'input', [null], [[]], [7], [{}]]) },
    headerLength: null,
  }),
  'odd outputs': (random) => ({
    json: {
      inputs: [good()],
      outputs: pick(random, [
        null,
        7,
        [null],
        [{}],
        [{ name: 'none' }],
        [{ name: '__proto__' }],
        new Array(3000).fill({ name: 'logits' }),
      ]),
    },
    tail: tensorBytes(),
  }),
  'both ways at once': () => binary({ ...good(), data: new Array(INPUT_LENGTH).fill(0) }),
  'odd data': (random) =>
    plain(
      pick(random, [
        null,
        7,
        'x',
        {},
        [],
        [[[]]],
        new Array(784).fill(null),
        new Array(784).fill('0'),
        new Array(784).fill([0]),
        new Array(783).fill(0),
      ]),
    ),
  'data in deep arrays': (random) => ({
    json: `{"inputs":[{"name":"input","shape":[1,1,28,28],"datatype":"FP32","data":${'['.repeat(1 + random.integer(30_000))}`,
    headerLength: null,
  }),
  'more images than may be': () => binary(good(700), tensorBytes(700)),
  'an odd id': (random) => ({
    json: { id: pick(random, [7, null, {}, 'i'.repeat(100_000), '\u0000\r\nX: y']), inputs: [good()] },
    tail: tensorBytes(),
  }),
  compressed: (random) => {
    const whole = Buffer.from(JSON.stringify({ inputs: [good()] }));
    const squeezed = pick(random, [gzipSync, deflateSync])(Buffer.concat([whole, tensorBytes()]));
    return {
      json: random.next() < 0.5 ? squeezed : squeezed.subarray(0, random.integer(squeezed.length)),
      headerLength: String(whole.length),
      headers: [['Content-Encoding', pick(random, ['gzip', 'deflate', 'br', 'gzip, gzip', 'identity', 'x'])]],
    };
  },
  'a compressed bomb': () => ({
    json: gzipBomb(),
    headerLength: '100',
    headers: [['Content-Encoding', 'gzip']],
  }),
  'odd encodings asked for': (random) => ({
    ...binary(good()),
    headers: [
      ['Accept-Encoding', pick(random, ['gzip;q=2', '*;q=0', ',,,', 'x'.repeat(5000), 'gzip, deflate'])],
    ],
  }),
  'odd JSON': (random) => {
    const names = [
      'arrays in arrays',
      'prototype',
      'no object',
      'lone surrogates',
      'keys twice',
      'huge numbers',
    ] as const;
    const make: (random: RandomStream) => string = JSON_TEXTS[pick(random, names)];
    return { json: make(random), headerLength: null };
  },
} satisfies Record<string, (random: RandomStream) => Inference>;

const BOMB_BYTES = 200_000_000;
let bomb: Buffer | undefined;
/** Made once: it takes a second. */
function gzipBomb(): Buffer {
  bomb ??= gzipSync(Buffer.alloc(BOMB_BYTES, ' '));
  return bomb;
}

const PATHS = ['infer', 'infer', 'infer', 'infer', 'versions/1/infer', 'versions/x%00/infer', 'generate', ''];

/** @param model its name, so that what follows is read at all */
export function oddTensor(random: RandomStream, model: string): Attempt {
  const name = pick(random, Object.keys(INFERENCES) as (keyof typeof INFERENCES)[]);
  const make: (random: RandomStream) => Inference = INFERENCES[name];
  const { json, tail = Buffer.alloc(0), headerLength, headers = [] } = make(random);
  const text =
    Buffer.isBuffer(json) || typeof json === 'string' ? Buffer.from(json) : Buffer.from(JSON.stringify(json));
  const said = headerLength === undefined ? String(text.length) : headerLength;
  const lengths: Header[] = said === null ? [] : [['Inference-Header-Content-Length', said]];
  return httpRequest({
    name: `tensor, ${name}`,
    path: `/v2/models/${random.next() < 0.9 ? model : 'nobody'}/${pick(random, PATHS)}`,
    headers: [...typed('application/octet-stream'), ...lengths, ...headers],
    body: Buffer.concat([text, tail]),
  });
}
