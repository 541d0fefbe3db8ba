import type { RandomStream } from '../../../train/random.js';
import type { Attempt } from '../raw-exchange.js';
import type { Corpus } from './corpus.js';
import { damaged } from './damage.js';
import { noise, pick } from './draw.js';
import { httpRequest, typed } from './http.js';

const BOUNDARY = 'frontier';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const END = `\r\n--${BOUNDARY}--\r\n`;

const part = (content: Uint8Array | string, head = 'name="image"; filename="a.png"'): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`, 'latin1'),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);

const join = (...parts: (Uint8Array | string)[]): Buffer =>
  Buffer.concat(parts.map((each) => Buffer.from(each)));

interface Form {
  body: Uint8Array | string;
  type?: string;
}

/** Multipart forms that no program makes. */
const FORMS = {
  'no boundary': (_, { sane }) => ({ body: join(part(sane.bytes), END), type: 'multipart/form-data' }),
  'another boundary': (_, { sane }) => ({
    body: join(part(sane.bytes), END),
    type: 'multipart/form-data; boundary=elsewhere',
  }),
  'an odd boundary': (random, { sane }) => ({
    body: join(part(sane.bytes), END),
    type: `multipart/form-data; boundary=${pick(random, ['', '""', '"', '--', ';', '\xff', '='.repeat(5000)])}`,
  }),
  'no end': (_, { sane }) => ({ body: part(sane.bytes) }),
  'cut off': (random, { sane }) => {
    const whole = join(part(sane.bytes), part(sane.bytes), END);
    return { body: whole.subarray(0, random.integer(whole.length)) };
  },
  nested: (random, { sane }) => {
    let body = join(part(sane.bytes), END);
    for (let depth = 1 + random.integer(20); depth > 0; depth--) body = join(part(body), END);
    return { body };
  },
  'thousands of files': (random, { sane }) => ({
    body: join(...new Array<Buffer>(1000 + random.integer(2000)).fill(part(sane.bytes)), END),
  }),
  'thousands of fields': (random) => ({
    body: join(...new Array<Buffer>(1000 + random.integer(9000)).fill(part('x', 'name="x"')), END),
  }),
  'files in other fields': (_, { sane }) => ({
    body: join(...new Array<Buffer>(20).fill(part(sane.bytes, 'name="other"; filename="a"')), END),
  }),
  'a giant field': (random) => ({
    body: join(part('x'.repeat(1 + random.integer(200_000)), 'name="a"'), END),
  }),
  'a giant header': (_, { sane }) => ({
    body: join(part(sane.bytes, `name="image"; filename="${'n'.repeat(100_000)}"`), END),
  }),
  'thousands of headers': () => ({
    body: `--${BOUNDARY}\r\n${'X-A: b\r\n'.repeat(5000)}\r\nx${END}`,
  }),
  'odd names': (random, { sane }) => ({
    body: join(part(sane.bytes, `name="image"; filename="${pick(random, ODD_NAMES)}"`), END),
  }),
  'odd field names': (random, { sane }) => ({
    body: join(part(sane.bytes, `name="${pick(random, ODD_NAMES)}"; filename="a.png"`), END),
  }),
  'no headers': (_, { sane }) => ({ body: join(`--${BOUNDARY}\r\n\r\n`, sane.bytes, END) }),
  'no name': (_, { sane }) => ({ body: join(part(sane.bytes, 'filename="a.png"'), END) }),
  'lines that end in LF': (_, { sane }) => ({
    body: join(
      `--${BOUNDARY}\nContent-Disposition: form-data; name="image"\n\n`,
      sane.bytes,
      `\n--${BOUNDARY}--\n`,
    ),
  }),
  'bytes before and behind': (random, { sane }) => ({
    body: join(noise(random, 200), part(sane.bytes), END, noise(random, 200)),
  }),
  'an odd transfer encoding': (_, { sane }) => ({
    body: join(part(sane.bytes, 'name="image"; filename="a"\r\nContent-Transfer-Encoding: base64'), END),
  }),
  'empty files': () => ({ body: join(part(''), part(''), END) }),
  empty: () => ({ body: '' }),
  'only the end': () => ({ body: `--${BOUNDARY}--` }),
  noise: (random) => ({ body: noise(random, random.integer(3000)) }),
  'good and bad files': (random, corpus) => ({
    body: join(part(corpus.sane.bytes), part(damaged(random, corpus).bytes), part(corpus.sane.bytes), END),
  }),
} satisfies Record<string, (random: RandomStream, corpus: Corpus) => Form>;

const ODD_NAMES = [
  'a\0b.png',
  '../../../etc/passwd',
  '..\\..\\windows',
  '\xff\xfe\xc3\x28',
  '%00%0d%0a',
  '\\"\\"',
  '__proto__',
  'constructor',
  '\u202e',
  `${'/'.repeat(4000)}`,
  "'; drop table digits; --",
  '$(id)',
  '',
];

export function oddForm(random: RandomStream, corpus: Corpus): Attempt {
  const name = pick(random, Object.keys(FORMS) as (keyof typeof FORMS)[]);
  const make: (random: RandomStream, corpus: Corpus) => Form = FORMS[name];
  const { body, type = TYPE } = make(random, corpus);
  return httpRequest({ name: `form, ${name}`, headers: typed(type), body });
}

/** A file, whatever it is, in the form in which most arrive. */
export const formOf = (name: string, file: Uint8Array): Attempt =>
  httpRequest({ name, headers: typed(TYPE), body: join(part(file), END) });
