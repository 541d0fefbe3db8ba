import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describe } from '../../core/errors.js';

test('a value is told on one short line, with its type', () => {
  assert.equal(describe('7'), '"7" (string)');
  assert.equal(describe(7), '7 (number)');
  assert.equal(describe([1, 2]), '[1,2] (array)');
  assert.equal(describe(null), 'null');
  assert.equal(describe('x'.repeat(100)), `"${'x'.repeat(56)}... (string)`);
});

test('what JSON can hold is told, whatever it calls its members', () => {
  assert.equal(describe(JSON.parse('{"toString": 1, "valueOf": 2}')), '[object Object] (object)');
  let deep: unknown[] = [];
  for (let level = 0; level < 50_000; level++) deep = [deep];
  assert.equal(describe(deep), '[object Array] (array)');
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => describe(value).length < 90));
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('toString', 'valueOf', '__proto__'), fc.jsonValue()),
      (value) => {
        assert.ok(describe(value).length < 90);
      },
    ),
  );
});
