import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkJsonDepth, isWithinDepth } from '../../serve/http/json-depth.js';
import { parseJsonBody } from '../../serve/predict/json-body.js';

/** How deep a value is, by walking it. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** Strings of what the scan looks for, beside whatever fast-check thinks of. */
const tricky = fc.oneof(
  fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', 'é', 'a') }),
  fc.string(),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    tricky,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(tricky, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test('the depth of any JSON text is that of its value', () => {
  fc.assert(
    fc.property(json, fc.constantFrom(undefined, 1), (value, indentation) => {
      const text = Buffer.from(JSON.stringify(value, null, indentation));
      const depth = depthOf(value);
      assert.ok(isWithinDepth(text, depth), `${depth} levels of ${text}`);
      if (depth > 0) assert.ok(!isWithinDepth(text, depth - 1), `not ${depth - 1} levels of ${text}`);
    }),
    { numRuns: 1000 },
  );
});

test('what is no JSON ends too', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const punctuation = fc
    .string({ unit: fc.constantFrom('"', '\\', '[', ']') })
    .map((text) => Buffer.from(text));
  fc.assert(
    fc.property(fc.oneof(bytes, punctuation), (text) => {
      assert.equal(typeof isWithinDepth(text, 3), 'boolean');
    }),
  );
});

test('a deep body is refused before anything recurses into it', () => {
  for (const deep of ['['.repeat(1_000_000), `{"image":${'['.repeat(50_000)}${']'.repeat(50_000)}}`]) {
    assert.throws(() => parseJsonBody(Buffer.from(deep), 32), {
      code: 'bad-input',
      message: /^Expected at most 32 arrays and objects within one another for the JSON body, got more\./,
    });
  }
  checkJsonDepth(Buffer.from('[[[]]]'), 3);
});
