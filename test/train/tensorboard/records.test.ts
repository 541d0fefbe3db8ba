import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32c, encodeRecord } from '../../../train/tensorboard/records.js';
import { RECORDS } from './records.fixtures.js';

const bytes = (length: number, valueAt: (index: number) => number) =>
  Uint8Array.from({ length }, (_, index) => valueAt(index));

test('checksums are those of RFC 3720, appendix B.4', () => {
  assert.equal(crc32c(bytes(32, () => 0)), 0x8a9136aa);
  assert.equal(crc32c(bytes(32, () => 0xff)), 0x62a8ab43);
  assert.equal(crc32c(bytes(32, (index) => index)), 0x46dd794e);
  assert.equal(crc32c(bytes(32, (index) => 31 - index)), 0x113fdb5c);
});

for (const { data, record } of RECORDS) {
  test(`a record of ${data.length / 2} bytes is the one that TensorBoard writes`, () => {
    assert.equal(Buffer.from(encodeRecord(Buffer.from(data, 'hex'))).toString('hex'), record);
  });
}
