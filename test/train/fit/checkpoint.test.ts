import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, NO_SUMS } from '../../../train/checkpoint.js';

const PATH = 'runs/one/optimizer.bin';

/** Any bits, so that every number, infinity and NaN comes up. */
const values = fc
  .uint8Array({ maxLength: 64 })
  .map((bytes) => new Float32Array(bytes.slice(0, bytes.length & ~3).buffer));

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

const checkpoints: fc.Arbitrary<Checkpoint> = fc.record({
  step: fc.nat(),
  trainSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
  epochSums: fc.record(
    { loss: finite, right: finite, images: fc.nat(), stepSeconds: finite, seconds: finite },
    { noNullPrototype: true },
  ),
  tensors: fc.array(fc.record({ name: fc.string(), values }), { maxLength: 5 }),
});

const bits = ({ values: { buffer, byteOffset, byteLength } }: Checkpoint['tensors'][number]) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');

test('what is encoded is decoded, bit for bit', () => {
  fc.assert(
    fc.property(checkpoints, (checkpoint) => {
      const decoded = decodeCheckpoint(encodeCheckpoint(checkpoint), PATH);
      assert.deepEqual({ ...decoded, tensors: [] }, { ...checkpoint, tensors: [] });
      assert.deepEqual(
        decoded.tensors.map((tensor) => [tensor.name, bits(tensor)]),
        checkpoint.tensors.map((tensor) => [tensor.name, bits(tensor)]),
      );
    }),
  );
});

test('bytes inside a larger buffer decode as well', () => {
  const checkpoint: Checkpoint = {
    step: 3,
    trainSeconds: 1.5,
    epochSums: NO_SUMS,
    tensors: [{ name: 'a', values: Float32Array.of(1, -2) }],
  };
  const bytes = encodeCheckpoint(checkpoint);
  const larger = new Uint8Array(bytes.length + 7);
  larger.set(bytes, 3);
  assert.deepEqual(decodeCheckpoint(larger.subarray(3, 3 + bytes.length), PATH), checkpoint);
});

const isCorrupt = (error: Error) => {
  const { name, code } = error as Error & { code?: string };
  assert.equal(`${name} ${code}`, 'TenfoldError corrupt', error.message);
  assert.match(
    error.message,
    /^Expected .* for runs\/one\/optimizer\.bin, got .*\. The run cannot be resumed: train it anew\.$/s,
  );
  return true;
};

test('a file cut off anywhere is refused', () => {
  fc.assert(
    fc.property(checkpoints, fc.double({ min: 0, max: 0.9999, noNaN: true }), (checkpoint, share) => {
      const bytes = encodeCheckpoint(checkpoint);
      assert.throws(
        () => decodeCheckpoint(bytes.subarray(0, Math.floor(share * bytes.length)), PATH),
        isCorrupt,
      );
    }),
  );
});

test('a file of another kind is refused', () => {
  for (const content of [
    '',
    'tenfold checkpoint 2\n{}\n',
    '{"step": 1}\n',
    'tenfold checkpoint 1\nno JSON\n',
    'tenfold checkpoint 1\n{}\n',
    'tenfold checkpoint 1\nnull\n',
  ]) {
    assert.throws(() => decodeCheckpoint(Buffer.from(content), PATH), isCorrupt, JSON.stringify(content));
  }
});

test('the messages say what is wrong with the file', () => {
  const bytes = encodeCheckpoint({
    step: 1,
    trainSeconds: 0,
    epochSums: NO_SUMS,
    tensors: [{ name: 'a', values: new Float32Array(4) }],
  });
  assert.throws(() => decodeCheckpoint(bytes.subarray(0, -1), PATH), {
    code: 'corrupt',
    message: `Expected ${bytes.length} bytes for ${PATH}, got ${bytes.length - 1} bytes. The run cannot be resumed: train it anew.`,
  });
  assert.throws(() => decodeCheckpoint(Buffer.from('tenfold checkpoint 9\n{}'), PATH), {
    code: 'corrupt',
    message: `Expected "tenfold checkpoint 1" for ${PATH}, got "tenfold checkpoint 9\\n". The run cannot be resumed: train it anew.`,
  });
});
