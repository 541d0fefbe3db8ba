import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { CLASS_COUNT, INPUT_SIDE } from '../../core/image.js';
import type { NumberResult, PredictResponse } from '../../serve/predict/schemas.js';
import { greyPng, rowPicture, twoLines } from './pictures.js';
import { form, post, startTestService, type TestService } from './service.js';

let service: TestService;
before(async () => {
  service = await startTestService({ workers: 2 });
});
after(() => service.close());

const digits = Array.from({ length: CLASS_COUNT }, (_, digit) => digit);
const pngs = digits.map((digit) => greyPng(rowPicture(digit)));
const read = (answer: Awaited<ReturnType<typeof post>>) => answer.body.results.map(({ digit }) => digit);

test('answers every picture of a form, in order', async () => {
  const answer = await post(service, form(pngs));
  assert.equal(answer.status, 200);
  assert.match(answer.type!, /^application\/json/);
  assert.deepEqual(answer.body.model, { name: 'row-reader', version: '1.2.3' });
  assert.deepEqual(read(answer), digits);
  for (const { probabilities, confidence, digit, accepted, reason } of answer.body.results) {
    assert.equal(probabilities.length, CLASS_COUNT);
    assert.ok(Math.abs(probabilities.reduce((sum, value) => sum + value, 0) - 1) < 1e-9);
    assert.equal(confidence, probabilities[digit!]);
    assert.deepEqual([accepted, reason], [true, null]);
  }
  const { totalMilliseconds, ...parts } = answer.body.timing;
  for (const [name, value] of Object.entries(parts)) {
    assert.ok(value >= 0 && value <= totalMilliseconds, `${name} is ${value} of ${totalMilliseconds} ms`);
  }
});

test('a body that is said to have no coding is read, in whatever letters that is said', async () => {
  for (const coding of ['identity', 'Identity', 'IDENTITY', '']) {
    const answer = await post(service, new Uint8Array(pngs[4]!), { headers: { 'content-encoding': coding } });
    assert.equal(answer.status, 200, answer.body.detail);
    assert.deepEqual(read(answer), [4]);
  }
});

test('the same picture gives the same probabilities in every form of body', async () => {
  const values = rowPicture(7);
  const bytes = greyPng(values);
  const base64 = bytes.toString('base64');
  const rows = Array.from({ length: INPUT_SIDE }, (_, y) => [
    ...values.subarray(y * INPUT_SIDE, (y + 1) * INPUT_SIDE),
  ]);
  const json = (value: object) =>
    post(service, JSON.stringify(value), { headers: { 'content-type': 'application/json' } });
  const raw = (type: string) => post(service, new Uint8Array(bytes), { headers: { 'content-type': type } });
  const answers = await Promise.all([
    post(service, form([bytes])),
    raw('image/png'),
    raw('application/octet-stream'),
    raw('application/x-www-form-urlencoded'),
    json({ image: base64 }),
    json({ image: `data:image/png;base64,${base64}` }),
    json({ pixels: rows }),
    json({ pixels: rows.flat() }),
    json({ pixels: rows.map((row) => row.map((value) => value / 255)) }),
  ]);
  for (const { status, body } of answers) {
    assert.equal(status, 200, body.detail);
    assert.deepEqual(body.results, answers[0]!.body.results);
    assert.equal(body.results[0]!.digit, 7);
  }
});

test('top lists the likeliest digits, likeliest first', async () => {
  const { body } = await post(service, form([pngs[4]!]), { query: '?top=3' });
  const { top, probabilities } = body.results[0]!;
  assert.equal(top!.length, 3);
  assert.deepEqual(top![0], { digit: 4, probability: probabilities[4] });
  assert.ok(top![0]!.probability >= top![1]!.probability && top![1]!.probability >= top![2]!.probability);
});

test('a blank page is an answer, not an error', async () => {
  const { status, body } = await post(service, form([greyPng(new Uint8Array(784).fill(255))]), {
    query: '?top=2',
  });
  assert.equal(status, 200);
  assert.deepEqual(body.results, [
    {
      digit: null,
      confidence: 0,
      probabilities: new Array(10).fill(0),
      accepted: false,
      reason: 'blank',
      top: [],
    },
  ]);
});

test('a confidence below the threshold is not accepted', async () => {
  const cross = rowPicture(3).map((value, index) => Math.max(value, rowPicture(8)[index]!));
  const { body } = await post(service, form([greyPng(cross)]));
  const { accepted, reason, confidence } = body.results[0]!;
  assert.ok(confidence < 0.5, `confidence ${confidence}`);
  assert.deepEqual([accepted, reason], [false, 'low-confidence']);
});

test('every accepted kind of file gives the same digit', async () => {
  const large = await sharp(Buffer.from(rowPicture(6)), { raw: { width: 28, height: 28, channels: 1 } })
    .resize(280, 280, { kernel: 'nearest' })
    .negate()
    .png()
    .toBuffer();
  const files = await Promise.all([
    large,
    sharp(large).png({ palette: true }).toBuffer(),
    sharp(large).toColourspace('rgb16').png().toBuffer(),
    sharp(large).jpeg({ quality: 90 }).toBuffer(),
    sharp(large).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
    sharp(large).webp({ lossless: true }).toBuffer(),
    sharp(large).gif().toBuffer(),
    sharp([large, await sharp(large).negate().toBuffer()], { join: { animated: true } })
      .gif()
      .toBuffer(),
    sharp(large).rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 95 }).toBuffer(),
  ]);
  const { status, body } = await post(service, form(files));
  assert.equal(status, 200, body.detail);
  assert.deepEqual(
    body.results.map(({ digit }) => digit),
    files.map(() => 6),
  );
});

test('many requests at once are answered each with its own', async () => {
  const order = Array.from({ length: 120 }, (_, index) => (index * 7) % CLASS_COUNT);
  const answers = await Promise.all(order.map((digit) => post(service, form([pngs[digit]!]))));
  assert.deepEqual(
    answers.map((answer) => read(answer)[0]),
    order,
  );
});

test('digits=many reads a number, and says of each digit where it is', async () => {
  const { width, height, values: page, lines } = twoLines();
  const blank = new Uint8Array(width * height).fill(255);
  const pictures = [page, blank].map((values) => greyPng(values, width, height));
  const { url } = service;
  const response = await fetch(`${url}/predict?digits=many&top=2`, { method: 'POST', body: form(pictures) });
  const { results } = (await response.json()) as PredictResponse<NumberResult>;
  const [number, nothing] = results;
  assert.deepEqual(
    number!.digits.map(({ box, line }) => ({ box, line })),
    lines.flatMap((boxes, line) => boxes.map((box) => ({ box, line }))),
  );
  const read = number!.digits.map(({ digit }) => digit);
  assert.equal(number!.number, `${read.slice(0, 3).join('')}\n${read.slice(3).join('')}`);
  for (const { digit, confidence, top } of number!.digits) {
    assert.deepEqual(top![0], { digit, probability: confidence });
  }
  assert.deepEqual(nothing, { number: '', digits: [], accepted: false, reason: 'blank' });
});
