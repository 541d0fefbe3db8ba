import type { RandomStream } from '../../../train/random.js';
import type { Attempt } from '../raw-exchange.js';
import type { Corpus } from './corpus.js';
import { damaged } from './damage.js';
import { noise, pick } from './draw.js';
import { httpRequest, typed } from './http.js';

const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + close.repeat(depth);

const pixels = (value: string, count = 784): string =>
  `{"pixels":[${new Array<string>(count).fill(value).join(',')}]}`;

/** JSON texts that are none, or that mean something else to each reader. */
export const JSON_TEXTS = {
  'arrays in arrays': (random) => nested('[', ']', 1 + random.integer(100_000)),
  'objects in objects': (random) => `${'{"image":'.repeat(1 + random.integer(50_000))}1`,
  'an image of arrays': (random) => `{"image":${nested('[', ']', 1 + random.integer(50_000))}}`,
  'pixels in pixels': (random) => `{"pixels":${nested('[', ']', 1 + random.integer(20_000))}}`,
  'huge numbers': (random) => pixels(pick(random, ['1e400', '-1e400', '1'.repeat(1000), '1e-400', '-0'])),
  'no numbers': (random) => pixels(pick(random, ['NaN', 'Infinity', '-', '0x10', '01', '1.', '.5', '1e'])),
  'other values': (random) => pixels(pick(random, ['null', '"0"', 'true', '{}', '[]', '[[0]]', '256', '-1'])),
  'other counts': (random) => pixels('0', random.integer(2000)),
  'a million values': () => pixels('0', 1_000_000),
  'odd rows': (random) => {
    const rows = Array.from({ length: 28 }, () => new Array(random.integer(60)).fill(0));
    return JSON.stringify({ pixels: rows });
  },
  'a row that says it is long': () => JSON.stringify({ pixels: new Array(28).fill({ length: 28, 0: 1 }) }),
  'keys twice': () => '{"image":"AAAA","image":7,"pixels":1,"pixels":[]}',
  'both members': () => '{"image":"AAAA","pixels":[]}',
  'lone surrogates': () => '{"image":"\\ud800","\\udfff":"\\ud800\\ud800"}',
  'bytes that are no UTF-8': (random) => Buffer.concat([Buffer.from('{"image":"'), noise(random, 200)]),
  'a byte order mark': () => '\ufeff{"image":"AAAA"}',
  'a UTF-16 text': () => Buffer.from('{"image":"AAAA"}', 'utf16le'),
  prototype: (random) =>
    pick(random, [
      '{"__proto__":{"image":"AAAA"}}',
      '{"constructor":{"prototype":{"image":"x"}}}',
      '{"image":{"__proto__":[]}}',
      '{"toString":1,"image":{"toString":null}}',
      '{"__proto__":null,"pixels":{"__proto__":null}}',
    ]),
  'other types': (random) =>
    `{"${pick(random, ['image', 'pixels'])}":${pick(random, ['null', '7', '{}', '[]', 'true', '""', '"="', '[null]'])}}`,
  'no object': (random) => pick(random, ['null', '7', '"image"', 'true', '[]', '[{"image":"AAAA"}]', '']),
  'a data URL that is none': (random) =>
    `{"image":"${pick(random, ['data:', 'data:,', 'data:image/png;base64,', 'data:;base64,===', `data:${'a'.repeat(50_000)}`])}"}`,
  'a base64 of spaces': () => `{"image":"${' '.repeat(500_000)}"}`,
  'cut off': (random) => {
    const whole = pixels('255');
    return whole.slice(0, random.integer(whole.length));
  },
  'text behind it': () => `${pixels('0')}}`,
  comments: () => `/* digit */ ${pixels('0')} // end`,
  'a damaged file': (random, corpus) =>
    JSON.stringify({ image: damaged(random, corpus).bytes.toString('base64') }),
  'a bomb': (random, { bombs }) => JSON.stringify({ image: pick(random, bombs).bytes.toString('base64') }),
  'a file of a kind refused': (random, { foreign }) =>
    JSON.stringify({ image: pick(random, foreign).bytes.toString('base64url') }),
} satisfies Record<string, (random: RandomStream, corpus: Corpus) => string | Buffer>;

/** Where JSON is read; a service that lacks one of them says 404. */
const JSON_PATHS = [
  '/predict',
  '/predict',
  '/predict',
  '/v2/repository/index',
  '/v2/repository/models/x/load',
];

export function oddJson(random: RandomStream, corpus: Corpus): Attempt {
  const name = pick(random, Object.keys(JSON_TEXTS) as (keyof typeof JSON_TEXTS)[]);
  const make: (random: RandomStream, corpus: Corpus) => string | Buffer = JSON_TEXTS[name];
  return httpRequest({
    name: `JSON, ${name}`,
    path: pick(random, JSON_PATHS),
    headers: typed(
      pick(random, ['application/json', 'application/json; charset=utf-16', 'application/JSON']),
    ),
    body: make(random, corpus),
  });
}
