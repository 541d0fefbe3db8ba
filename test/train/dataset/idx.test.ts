import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { TenfoldError } from '../../../core/errors.js';
import { parseIdx } from '../../../train/dataset/idx.js';
import { idxBytes } from './idx-bytes.js';

const array = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 }).chain((shape) => {
  const length = shape.reduce((product, size) => product * size, 1);
  return fc.record({
    shape: fc.constant(shape),
    data: fc.uint8Array({ minLength: length, maxLength: length }),
  });
});

const ADVICE =
  'Use the original MNIST files: download or copy this one again, or leave out --data to take those that are bundled.';

const refuses = (bytes: Uint8Array, rank: number, message: string) =>
  assert.throws(
    () => parseIdx(bytes, { file: 'digits', rank }),
    (error) => {
      assert.ok(error instanceof TenfoldError);
      assert.equal(error.code, 'corrupt');
      assert.equal(error.message, `${message}. ${ADVICE}`);
      return true;
    },
  );

test('what was written is read, plain and gzip, wherever it lies in its buffer', () => {
  fc.assert(
    fc.property(array, ({ shape, data }) => {
      const bytes = idxBytes(shape, data);
      const shifted = new Uint8Array(bytes.length + 3);
      shifted.set(bytes, 3);
      for (const form of [bytes, gzipSync(bytes), shifted.subarray(3)]) {
        const read = parseIdx(form, { file: 'digits', rank: shape.length });
        assert.deepEqual(read.shape, shape);
        assert.deepEqual(Uint8Array.from(read.data), data);
      }
    }),
  );
});

test('any cut and any addition is refused', () => {
  fc.assert(
    fc.property(array, fc.nat(), ({ shape, data }, at) => {
      const bytes = idxBytes(shape, data);
      const options = { file: 'digits', rank: shape.length };
      assert.throws(() => parseIdx(bytes.subarray(0, at % bytes.length), options), TenfoldError);
      assert.throws(() => parseIdx(Uint8Array.of(...bytes, 0), options), TenfoldError);
      const packed = gzipSync(bytes);
      assert.throws(() => parseIdx(packed.subarray(0, at % packed.length), options), TenfoldError);
    }),
  );
});

test('random bytes give an array or a TenfoldError, nothing else', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ maxLength: 40 }).map((tail) => Uint8Array.of(0, 0, 8, 3, ...tail)),
    fc.uint8Array({ maxLength: 40 }).map((tail) => Uint8Array.of(0x1f, 0x8b, 8, 0, ...tail)),
  );
  fc.assert(
    fc.property(bytes, (input) => {
      try {
        const { shape, data } = parseIdx(input, { file: 'digits', rank: 3 });
        assert.equal(
          data.length,
          shape.reduce((product, size) => product * size, 1),
        );
      } catch (error) {
        assert.ok(error instanceof TenfoldError, String(error));
      }
    }),
  );
});

test('messages say what was expected, what came, and what to do', () => {
  refuses(new Uint8Array(0), 3, 'Expected a header of 16 bytes for the length of digits, got 0 bytes');
  refuses(
    idxBytes([12], new Uint8Array(12)),
    3,
    'Expected 0x00000803 for the magic number of digits, got 0x00000801',
  );
  refuses(
    Uint8Array.from(Buffer.from('<html>404</html>')),
    1,
    'Expected 0x00000801 for the magic number of digits, got 0x3c68746d',
  );
  refuses(
    idxBytes([2, 3, 4], new Uint8Array(23)),
    3,
    'Expected 40 bytes for the length of digits, whose header says 2x3x4, got 39 bytes',
  );
  refuses(
    idxBytes([0xffffffff, 0xffffffff, 0xffffffff], new Uint8Array(1)),
    3,
    'Expected 7.9228162458924105e+28 bytes for the length of digits, whose header says 4294967295x4294967295x4294967295, got 17 bytes',
  );
  refuses(
    gzipSync(idxBytes([4], new Uint8Array(4))).subarray(0, 20),
    1,
    'Expected whole gzip data for the contents of digits, got unexpected end of file',
  );
});
