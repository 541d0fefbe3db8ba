import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { MODEL_FILE } from '../../core/manifest.js';
import { startServer } from '../../serve/server.js';
import { greyPng, png, rowPicture } from './pictures.js';
import { form, type PredictAnswer, post, startTestService, type TestService } from './service.js';
import { makeTinyBundle } from './tiny-bundle.js';

const BODY_BYTES = 256 * 1024;

let service: TestService;
before(async () => {
  service = await startTestService({ bodyBytes: BODY_BYTES, images: 4 });
});
after(() => service.close());

const good = greyPng(rowPicture(3));
const json = (body: string) => post(service, body, { headers: { 'content-type': 'application/json' } });
const raw = (bytes: Uint8Array, type = 'image/png') =>
  post(service, new Uint8Array(bytes), { headers: { 'content-type': type } });

/** Each bad request is followed by a good one, which must be answered. */
async function refused(sent: Promise<PredictAnswer>, status: number, message: RegExp): Promise<void> {
  const answer = await sent;
  assert.match(answer.body.detail, message);
  assert.equal(answer.status, status);
  assert.equal(answer.type, 'application/problem+json');
  assert.equal(answer.body.status, status);
  assert.equal(answer.body.error, answer.body.detail);
  assert.ok(answer.body.title.length > 0);
  const next = await post(service, form([good]));
  assert.equal(next.body.results[0]!.digit, 3);
}

test('an upload that is empty', async () => {
  await refused(
    raw(new Uint8Array(0)),
    400,
    /^Expected a PNG, JPEG, WebP or GIF picture for the body, got no bytes/,
  );
  await refused(
    post(service, form([new Uint8Array(0)])),
    400,
    /picture 1 of 1 \(picture-0\.png\), got no bytes/,
  );
});

test('what is not a picture', async () => {
  await refused(raw(Buffer.from('hello, digit')), 415, /got bytes that begin with 68656c6c6f2c2064/);
});

test('pictures of kinds that are not accepted, by name', async () => {
  const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>';
  await refused(raw(Buffer.from(svg), 'image/svg+xml'), 415, /got an SVG drawing/);
  await refused(raw(Buffer.from('%PDF-1.7\n')), 415, /got a PDF document/);
  const tiff = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .tiff()
    .toBuffer();
  await refused(raw(tiff), 415, /got a TIFF picture/);
  const avif = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .avif()
    .toBuffer();
  await refused(raw(avif), 415, /got a HEIF or AVIF picture/);
});

test('a PNG or JPEG that is cut off', async () => {
  const noise = Buffer.from(Uint8Array.from({ length: 120_000 }, (_, index) => (index * index * 31) >> 3));
  const picture = sharp(noise, { raw: { width: 200, height: 200, channels: 3 } });
  for (const whole of [await picture.png().toBuffer(), await picture.jpeg().toBuffer(), good]) {
    for (const share of [0.3, 0.7]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      await refused(raw(cut), 400, /^Expected a whole, undamaged picture for the body/);
    }
  }
});

test('a small PNG whose pixels are damaged', async () => {
  const damaged = Buffer.from(good);
  damaged[50]! ^= 0xff;
  await refused(raw(damaged), 400, /undamaged picture/);
});

test('20,000 x 20,000 pixels in a small file', async () => {
  // Compressed twice over, 400 million zeros are less than the limit of a body.
  const bomb = png(Buffer.alloc(20_000 * 20_001), { width: 20_000, height: 20_000, channels: 1 });
  assert.ok(bomb.length < 500_000, `${bomb.length} bytes`);
  const roomy = await startTestService();
  try {
    const answer = await post(roomy, form([bomb]));
    assert.match(answer.body.detail, /^Expected at most 25000000 pixels for picture 1 of 1/);
    assert.equal(answer.status, 413);
    assert.equal((await post(roomy, form([good]))).status, 200);
  } finally {
    await roomy.close();
  }
});

test('a body larger than the limit, announced or not', async () => {
  const large = new Uint8Array(BODY_BYTES + 1);
  await refused(raw(large), 413, /^Expected at most 262144 bytes for the body, got 262145 bytes/);
  const unannounced = new ReadableStream({
    start(controller) {
      for (let part = 0; part < 8; part++) controller.enqueue(new Uint8Array(BODY_BYTES / 4));
      controller.close();
    },
  });
  const init = { method: 'POST', body: unannounced, duplex: 'half' } as RequestInit;
  const response = await fetch(`${service.url}/predict`, init);
  assert.equal(response.status, 413);
  assert.match(
    ((await response.json()) as { detail: string }).detail,
    /at most 262144 bytes for the body, got more/,
  );
});

test('more pictures than one request may have', async () => {
  await refused(
    post(service, form(new Array(5).fill(good))),
    400,
    /at most 4 pictures .*\. Send the others in another request\.$/,
  );
});

test('forms that are wrong', async () => {
  await refused(
    post(service, form([good], 'digit')),
    400,
    /files in the field image for the form, got one in the field "digit"/,
  );
  const mixed = form([good]);
  mixed.append('images', new Blob([new Uint8Array(good)]), 'second.png');
  await refused(post(service, mixed), 400, /got one in the field "images" \(string\)\. Send the pictures/);
  const fields = new FormData();
  fields.append('image', 'seven.png');
  await refused(post(service, fields), 400, /a file in the field image for the form, got the fields "image"/);
  fields.append('image', new Blob([new Uint8Array(good)]), 'seven.png');
  assert.equal((await post(service, fields)).status, 200);
  await refused(post(service, new FormData()), 400, /whole multipart form|an empty form/);
  await refused(raw(good, 'multipart/form-data'), 400, /Expected a multipart boundary/);
  const unfinished = '--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\nabc';
  await refused(
    raw(Buffer.from(unfinished), 'multipart/form-data; boundary=x'),
    400,
    /a whole multipart form/,
  );
});

test('JSON that is wrong', async () => {
  await refused(json('{"image": '), 400, /^Expected JSON for the body/);
  await refused(json('[]'), 400, /an object with image or pixels/);
  await refused(json('{"picture": "x"}'), 400, /got the members \[picture\]/);
  await refused(json('{"image": "%%%"}'), 400, /a base64 string or data URL for image/);
  await refused(json('{"image": 7}'), 400, /got 7 \(number\)/);
  await refused(json('{"image": {"toString": null}}'), 400, /for image, got \[object Object\] \(object\)/);
  await refused(json(`{"image": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`), 400, /within one another/);
  await refused(json('{"image": "aGVsbG8="}'), 415, /picture for image/);
});

test('pixels that are wrong', async () => {
  const pixels = (value: unknown) => json(JSON.stringify({ pixels: value }));
  await refused(
    pixels(new Array(783).fill(0)),
    400,
    /28 rows of 28 numbers for pixels, got 1 rows, 783 values/,
  );
  await refused(pixels(new Array(28).fill(new Array(27).fill(0))), 400, /got 28 rows, 756 values/);
  await refused(pixels(new Array(784).fill(-1)), 400, /a number from 0 to 255 for value 0 of pixels, got -1/);
  await refused(pixels(new Array(784).fill('0')), 400, /got "0" \(string\)/);
  await refused(pixels('all'), 400, /got "all" \(string\)/);
});

test('parameters that are wrong', async () => {
  const withQuery = (query: string) => post(service, form([good]), { query });
  await refused(withQuery('?top=0'), 400, /a whole number from 1 to 10 for the parameter top, got "0"/);
  await refused(withQuery('?top=three'), 400, /got "three"/);
  await refused(withQuery('?digits=few'), 400, /one or many for the parameter digits, got "few"/);
  const known = 'none but top, digits, model, version for the parameters';
  await refused(
    withQuery('?digit=many'),
    400,
    new RegExp(`^Expected ${known}, got "digit" \\(string\\)\\. Did you mean digits\\?`),
  );
  await refused(withQuery('?top=3&numbers=1'), 400, new RegExp(`${known}, got "numbers"`));
  await refused(withQuery('?toString=1'), 400, /got "toString"/);
  await refused(withQuery('?digits=one&digits=many'), 400, /one value for the parameter digits, got several/);
});

test('parameters where they would have no effect', async () => {
  const image = good.toString('base64');
  await refused(
    json(JSON.stringify({ image, digits: 'many' })),
    400,
    /pictures alone for the JSON body, got "digits" \(string\)\. .+ ask for \/predict\?digits=/,
  );
  const fields = form([good]);
  fields.append('top', '3');
  await refused(post(service, fields), 400, /pictures alone for the form, got "top" .+ \/predict\?top=/);
  assert.equal((await json(JSON.stringify({ image, name: 'seven.png' }))).status, 200);
});

test('JSON that is not said to be', async () => {
  const text = JSON.stringify({ image: good.toString('base64') });
  const type = 'application/x-www-form-urlencoded';
  await refused(
    raw(Buffer.from(text), type),
    415,
    /^Expected application\/json for the Content-Type of JSON, got "application\/x-www-form-urlencoded"/,
  );
  await refused(raw(Buffer.from(`\ufeff${text}`), type), 415, /for the Content-Type of JSON/);
  const { url } = service;
  const untyped = await fetch(`${url}/predict`, { method: 'POST', body: Buffer.from(` ${text}`) });
  assert.match(
    ((await untyped.json()) as { detail: string }).detail,
    /Content-Type of JSON, got none\. Send/,
  );
});

test('a compressed body', async () => {
  const sent = post(service, 'x', { headers: { 'content-encoding': 'gzip' } });
  await refused(sent, 415, /an uncompressed body for the Content-Encoding, got gzip/);
});

test('a client that goes away in the middle', async () => {
  const { port } = new URL(service.url);
  await new Promise<void>((resolve) => {
    const upload = request({ port, method: 'POST', path: '/predict', headers: { 'content-length': 1000 } });
    upload.on('error', () => resolve());
    upload.write('half of it', () => setTimeout(() => upload.destroy(new Error('gone')), 20));
  });
  assert.equal((await post(service, form([good]))).status, 200);
});

test('a bundle whose model differs from its hash is not served', async () => {
  const bundle = await makeTinyBundle();
  const logger = { info() {}, warn() {}, error() {} };
  const start = () => startServer({ bundles: [bundle.directory], port: 0, logger });
  try {
    const model = join(bundle.directory, MODEL_FILE);
    const bytes = await readFile(model);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(model, bytes);
    await assert.rejects(start, {
      code: 'corrupt',
      message: /^Expected [0-9a-f]{64} for the sha256 of model\.onnx/,
    });
  } finally {
    await bundle.remove();
  }
  await assert.rejects(start, { code: 'not-found', message: /manifest\.json for the bundle, got ENOENT/ });
});
