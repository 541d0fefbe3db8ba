import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  batchCount,
  gatherBatch,
  gatherBytes,
  gatherLabels,
  orderedBatches,
  shuffledBatches,
  toUnit,
} from '../../../train/dataset/batches.js';

const options = fc.record({
  count: fc.integer({ min: 1, max: 300 }),
  batchSize: fc.integer({ min: 1, max: 64 }),
  dropPartial: fc.boolean(),
  seed: fc.integer(),
  epoch: fc.nat(50),
});

test('an epoch takes every image once, or all but the partial batch', () => {
  fc.assert(
    fc.property(options, (given) => {
      const batches = shuffledBatches(given);
      const { count, batchSize, dropPartial } = given;
      assert.equal(batches.length, batchCount(given));
      assert.ok(batches.slice(0, -1).every((batch) => batch.length === batchSize));
      const taken = batches.flatMap((batch) => [...batch]);
      assert.equal(taken.length, dropPartial ? count - (count % batchSize) : count);
      assert.equal(new Set(taken).size, taken.length);
      assert.ok(taken.every((index) => index < count));
    }),
  );
});

test('the order is a function of seed and epoch alone', () => {
  const order = (seed: number, epoch: number, batchSize = 32) =>
    shuffledBatches({ count: 200, batchSize, seed, epoch }).flatMap((batch) => [...batch]);
  assert.deepEqual(order(1, 2), order(1, 2));
  assert.deepEqual(order(1, 2, 7), order(1, 2), 'the batch size cuts the same order');
  assert.notDeepEqual(order(1, 2), order(1, 3));
  assert.notDeepEqual(order(1, 2), order(2, 2));
});

test('ordered batches keep the order of the set', () => {
  assert.deepEqual(
    orderedBatches({ count: 5, batchSize: 2 }).map((batch) => [...batch]),
    [[0, 1], [2, 3], [4]],
  );
  assert.equal(orderedBatches({ count: 5, batchSize: 2, dropPartial: true }).length, 2);
});

test('a gathered pixel is the float32 nearest to its byte over 255, for every byte', () => {
  const images = Uint8Array.from({ length: 3 * 784 }, (_, position) => position % 256);
  const out = new Float32Array(4 * 784).fill(-1);
  const written = gatherBatch(images, Uint32Array.of(2, 0), out);
  assert.equal(written.length, 2 * 784);
  assert.equal(written.buffer, out.buffer, 'a view, not a copy');
  for (let pixel = 0; pixel < 784; pixel++) {
    assert.equal(written[pixel], Math.fround(images[2 * 784 + pixel]! / 255));
    assert.equal(written[784 + pixel], Math.fround(images[pixel]! / 255));
  }
  assert.ok(
    out.subarray(2 * 784).every((value) => value === -1),
    'nothing is written past the batch',
  );
  assert.throws(
    () => gatherBatch(images, Uint32Array.of(0, 1), new Float32Array(784)),
    new RangeError('out must hold 1568 values, got: 784'),
  );
});

test('bytes become what a gathered batch has, blank ones too', () => {
  const images = fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: 2 * 784, maxLength: 2 * 784 });
  fc.assert(
    fc.property(images, (values) => {
      const bytes = Uint8Array.from(values);
      const out = new Float32Array(2 * 784).fill(-1);
      toUnit(bytes, out);
      assert.deepEqual(out, gatherBatch(bytes, Uint32Array.of(0, 1), new Float32Array(2 * 784)));
    }),
    { numRuns: 20 },
  );
  assert.throws(
    () => toUnit(new Uint8Array(784), new Float32Array(783)),
    new RangeError('out must hold 784 values, got: 783'),
  );
});

test('gathered bytes are the images as they are', () => {
  const images = Uint8Array.from({ length: 3 * 784 }, (_, position) => position % 251);
  const gathered = gatherBytes(images, Uint32Array.of(2, 0), new Uint8Array(3 * 784));
  assert.deepEqual(gathered, Uint8Array.from([...images.slice(2 * 784), ...images.slice(0, 784)]));
});

test('gathered labels follow the indices', () => {
  assert.deepEqual(gatherLabels(Uint8Array.of(7, 8, 9), Uint32Array.of(2, 0, 2)), Int32Array.of(9, 7, 9));
});
