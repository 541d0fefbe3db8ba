import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import express, { type Express } from 'express';
import sharp from 'sharp';
import {
  type AppOptions,
  type Classifier,
  createApp,
  createClassifier,
  numberText,
  openModels,
} from 'tenfold';
import { digestOf } from '../../serve/config/key-digest.js';
import { greyImage, greyPng, rowPicture, twoLines } from './pictures.js';
import { type BundleFolder, makeTinyBundle } from './tiny-bundle.js';

let bundle: BundleFolder;
let classifier: Classifier;
before(async () => {
  bundle = await makeTinyBundle();
  classifier = await createClassifier({ bundle: bundle.directory });
});
after(async () => {
  await classifier.close();
  await bundle.remove();
});

test('the package, imported by its name, reads files and pixels', async () => {
  assert.equal((await classifier.classify(greyPng(rowPicture(4)))).digit, 4);
  assert.equal((await classifier.classify(new Uint8Array(greyPng(rowPicture(5))))).digit, 5);
  assert.equal((await classifier.classify(greyImage(rowPicture(6)))).digit, 6);
  assert.equal(classifier.manifest.name, 'row-reader');
});

test('many pictures at once each get their own answer', async () => {
  const digits = Array.from({ length: 40 }, (_, place) => place % 10);
  const answers = await Promise.all(digits.map((digit) => classifier.classify(greyPng(rowPicture(digit)))));
  assert.deepEqual(
    answers.map(({ digit }) => digit),
    digits,
  );
});

test('whole numbers come line by line', async () => {
  const { width, height, values, lines } = twoLines();
  for (const picture of [greyImage(values, width, height), greyPng(values, width, height)]) {
    const written = await classifier.classifyNumbers(picture);
    assert.deepEqual(
      written.lines.map(({ digits }) => digits.map(({ box }) => box)),
      lines,
    );
    assert.match(numberText(written), /^\d{3}\n\d{2}$/);
  }
  const blank = await classifier.classifyNumbers(greyImage(new Uint8Array(28 * 28).fill(255)));
  assert.equal(numberText(blank), '');
  assert.equal(blank.reason, 'blank');
});

test('what is no picture is refused by its own words', async () => {
  await assert.rejects(classifier.classify(new Uint8Array([1, 2, 3])), {
    code: 'unsupported-media',
    message: /^Expected a PNG, JPEG, WebP or GIF picture for the picture, got bytes that begin with 010203/,
  });
});

test('closing answers what is under way, pictures that are still decoded too', async () => {
  const own = await createClassifier({ bundle: bundle.directory });
  const webp = await sharp(greyPng(rowPicture(8)))
    .webp({ lossless: true })
    .toBuffer();
  const pending = [
    own.classify(greyPng(rowPicture(3))),
    own.classify(webp),
    own.classify(greyImage(rowPicture(2))),
  ];
  const [answers] = await Promise.all([Promise.all(pending), own.close()]);
  assert.deepEqual(
    answers.map(({ digit }) => digit),
    [3, 8, 2],
  );
  await assert.rejects(own.classify(greyPng(rowPicture(4))), { code: 'unavailable' });
});

test('a bundle that is not there is told at the start', async () => {
  await assert.rejects(createClassifier({ bundle: 'nowhere' }), { code: 'not-found' });
});

/** Mounts the service at /digits of an app, and gives its address there. */
async function mounted(
  app: Express,
  options: Partial<AppOptions>,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const models = await openModels({ bundles: [bundle.directory] });
  const server = createServer(app.use('/digits', createApp({ models, ...options })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/digits`);
  } finally {
    server.close();
    await models.close();
  }
}

test('the service can be a part of an Express app of one’s own', async () => {
  await mounted(express(), {}, async (url) => {
    const body = new Uint8Array(greyPng(rowPicture(7)));
    const response = await fetch(`${url}/predict`, { method: 'POST', body });
    const { results } = (await response.json()) as { results: { digit: number }[] };
    assert.equal(results[0]!.digit, 7);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
  });
});

test('a part of another app, its probes pass the defences all the same, and nothing else does', async () => {
  const rateLimit = { requests: 1, milliseconds: 60_000 };
  await mounted(express(), { rateLimit, apiKeys: [digestOf('a-key-of-many-letters')] }, async (url) => {
    for (let probe = 0; probe < 3; probe++) {
      assert.equal((await fetch(`${url}/v2/health/ready`)).status, 200);
    }
    assert.equal((await fetch(`${url}/v2/models/v2/health`)).status, 401);
    assert.equal((await fetch(`${url}/v2`)).status, 429);
  });
});

test('behind a parser of bodies a request is answered, and the log says what to do', async () => {
  const said: unknown[] = [];
  const logger = { info() {}, warn() {}, error: ({ err }: { err?: unknown }) => said.push(err) };
  await mounted(express().use(express.json()), { logger }, async (url) => {
    for (const path of ['/predict', '/v2/models/row-reader/infer']) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}${path}`, { method: 'POST', body: '{}', headers });
      assert.equal(response.status, 500);
      assert.match(String(said.pop()), /got one that was read to its end\. Mount the app before express/);
    }
  });
});
