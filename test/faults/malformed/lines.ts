import type { RandomStream } from '../../../train/random.js';
import type { Attempt } from '../raw-exchange.js';
import type { Corpus } from './corpus.js';
import { noise, pick } from './draw.js';
import { type Header, httpRequest } from './http.js';

const METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'POST',
  'BREW',
  'post',
  '',
];

const PATHS = [
  '/',
  '//',
  '*',
  '/predict',
  '/predict/',
  '/PREDICT',
  '/predict/../livez',
  '/predict%00',
  '/predict%2f..%2f',
  '/%',
  '/%E0%A4%A',
  '/%c0%ae%c0%ae/',
  '/\xff\xfe',
  '/model/',
  '/model/model.onnx',
  '/model/manifest.json',
  '/model/%00',
  '/model/..%2f..%2f..%2fetc%2fpasswd',
  '/model/../../etc/passwd',
  '/model/__proto__',
  '/..\\..\\etc',
  '/.git/config',
  '/index.html',
  '/index.html.br',
  '/digit-classifier.js',
  '/livez',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/v2',
  '/v2/health/ready',
  '/v2/models/',
  '/v2/models/%00',
  '/v2/models/__proto__/config',
  '/v2/models/..%2f/versions/%ff/ready',
  '/v2/repository/models/..%2f..%2fetc/load',
  '/v2/repository/models/__proto__/unload',
  'http://127.0.0.1:1/predict',
  'http://[::1/predict',
  'predict',
  '?',
  '',
  '/predict#?top=1',
  `/${'a'.repeat(9000)}`,
  `/${'a/'.repeat(30_000)}`,
];

const QUERIES = [
  'top=0',
  'top=NaN',
  'top=1e309',
  'top=3&top=4',
  'top[]=3',
  'top=%',
  'top=%00',
  'top=',
  'digits=',
  'digits=many&digits=one',
  'digits=__proto__',
  '__proto__[top]=1',
  'constructor=1',
  'model=nobody',
  'model=..%2f..%2f&version=%00',
  'model=__proto__',
  'version=-1',
  '&&&===',
  '%ff%fe',
  `${'a=b&'.repeat(1500)}`,
  `top=${'9'.repeat(5000)}`,
];

const HEADERS: readonly Header[] = [
  ['Range', 'bytes=0-10'],
  ['Range', 'bytes=99999999-'],
  ['Range', 'bytes=5-1'],
  ['Range', `bytes=${'0-1,'.repeat(500)}2-3`],
  ['If-Match', '"nothing"'],
  ['If-None-Match', '*'],
  ['If-Unmodified-Since', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ['If-Modified-Since', 'yesterday'],
  ['If-Range', '"x"'],
  ['Accept', 'image/x-none'],
  ['Accept-Encoding', 'identity;q=0, *;q=0'],
  ['Content-Type', 'multipart/form-data; boundary'],
  ['Content-Type', ''],
  ['Content-Type', `${'a/b;'.repeat(3000)}`],
  ['Content-Encoding', 'gzip'],
  ['Content-Encoding', 'chunked'],
  ['Connection', 'upgrade'],
  ['Upgrade', 'websocket'],
  ['Upgrade', 'h2c'],
  ['Host', 'elsewhere'],
  ['Host', ''],
  ['Origin', 'null'],
  ['Origin', 'https://elsewhere.example'],
  ['Access-Control-Request-Method', 'POST'],
  ['Authorization', 'Bearer \xff'],
  ['X-Api-Key', 'k'.repeat(10_000)],
  ['X-Request-Id', '\x01\x02'],
  ['X-Request-Id', 'i'.repeat(12_000)],
  ['X-Forwarded-For', '999.999.999.999, ::1, x'],
  ['traceparent', '00-zz-zz-zz'],
  ['Cookie', '='.repeat(5000)],
  ['X-Null', 'a\0b'],
  ['X-Fold', 'a\r\n b'],
  ['X Space', 'b'],
  ['', 'b'],
  ['X-Long', 'l'.repeat(20_000)],
];
const MANY_HEADERS: readonly Header[] = Array.from({ length: 2500 }, (_, index) => [`X-${index}`, 'v']);

/** An odd method, path, query or header, often several at once. */
export function oddLine(random: RandomStream, { sane }: Corpus): Attempt {
  const method = pick(random, METHODS);
  const query = random.next() < 0.5 ? `?${pick(random, QUERIES)}` : '';
  const path = `${random.next() < 0.4 ? '/predict' : pick(random, PATHS)}${query}`;
  const few = Array.from({ length: random.integer(4) }, () => pick(random, HEADERS));
  const headers = random.next() < 0.02 ? MANY_HEADERS : few;
  const hasBody = random.next() < 0.6;
  const body = hasBody ? sane.bytes : noise(random, random.integer(20));
  const shown = headers === MANY_HEADERS ? 'many headers' : few.map(([name]) => name).join(', ');
  const name = `line, ${method} ${path.slice(0, 60)} ${shown}`;
  return httpRequest({ name, method, path, headers, body, ends: random.next() < 0.5 });
}
