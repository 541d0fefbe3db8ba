import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TenfoldError } from '../../../core/errors.js';
import { parseJsonBody } from '../../../serve/predict/json-body.js';
import { PREDICT_JSON } from '../../../serve/predict/schemas.js';
import { greyImage } from '../pictures.js';

const MOST_DEPTH = 32;

const accepts = (value: unknown): boolean => {
  try {
    parseJsonBody(Buffer.from(JSON.stringify(value)), MOST_DEPTH);
    return true;
  } catch (error) {
    assert.ok(error instanceof TenfoldError && error.code === 'bad-input', String(error));
    return false;
  }
};

/** Mostly right, so that the last step is reached too: a row, a value or a member that is off. */
const ink = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(0, 0.5, 1, 7, 254.6, 255) },
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom(-1, 256, null, '0', true), fc.constant([0])) },
);
const side = fc.oneof(
  { weight: 20, arbitrary: fc.constant(28) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 27) },
);
const row = side.chain((length) =>
  fc.oneof(
    { weight: 60, arbitrary: fc.constant(new Array<unknown>(length).fill(3)) },
    { weight: 2, arbitrary: fc.array(ink, { minLength: length, maxLength: length }) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 'x'.repeat(28), { length: 28 }) },
  ),
);
const pixels = fc.oneof(
  side.chain((length) => fc.array(row, { minLength: length, maxLength: length })),
  fc
    .tuple(fc.constantFrom(784, 784, 784, 783, 785), fc.nat(782), ink)
    .map(([length, place, value]) => new Array<unknown>(length).fill(0).with(place, value)),
  fc.jsonValue(),
);
const image = fc.oneof(
  fc.base64String({ minLength: 4 }),
  fc.base64String({ minLength: 4 }).map((text) => `data:image/png;base64,${text}`),
  fc.constantFrom(
    '',
    ' ',
    'data:image/png;base64,',
    'data:image/png,AAAA',
    'AA=A',
    '-_-_',
    'AAAA\nAAAA',
    '\u00e9',
  ),
  fc.jsonValue(),
);
const body = fc.oneof(
  fc.record({ image }),
  fc.record({ pixels }),
  fc.record({ image, pixels, more: fc.jsonValue() }, { requiredKeys: [] }),
  fc.jsonValue(),
);

test('a body is accepted exactly where its published schema accepts it', () => {
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(body, (value) => {
      const expected = PREDICT_JSON.safeParse(JSON.parse(JSON.stringify(value))).success;
      assert.equal(accepts(value), expected);
      seen[expected ? 'accepted' : 'refused']++;
    }),
    { numRuns: 2000 },
  );
  assert.ok(seen.accepted > 200 && seen.refused > 200, JSON.stringify(seen));
});

test('rows that are no arrays are refused in words', () => {
  const rows = new Array<unknown>(28).fill(new Array(28).fill(0)).with(3, null);
  assert.throws(() => parseJsonBody(Buffer.from(JSON.stringify({ pixels: rows })), MOST_DEPTH), {
    code: 'bad-input',
    message: /^Expected 28 rows of 28 numbers for pixels, got 28 rows, 757 values/,
  });
});

test('shares of full ink give the levels that they are 255ths of, written in full or in four decimals', () => {
  const levels = Uint8Array.from({ length: 784 }, (_, index) => index % 256);
  const shares = Array.from(levels, (level) => level / 255);
  const short = shares.map((share) => Number(share.toFixed(4)));
  for (const pixels of [shares, short]) {
    const parsed = parseJsonBody(Buffer.from(JSON.stringify({ pixels })), MOST_DEPTH);
    assert.deepEqual(parsed, { kind: 'pixels', image: greyImage(levels) });
  }
});

test('a byte order mark before the body is passed over; anywhere else it is no JSON', () => {
  const text = JSON.stringify({ pixels: new Array(784).fill(1) });
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]);
  assert.deepEqual(parseJsonBody(marked, MOST_DEPTH), parseJsonBody(Buffer.from(text), MOST_DEPTH));
  for (const wrong of [`\ufeff\ufeff${text}`, `${text}\ufeff`]) {
    assert.throws(() => parseJsonBody(Buffer.from(wrong), MOST_DEPTH), { code: 'bad-input' });
  }
});
