import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { MANIFEST_FILE, type Manifest, MODEL_FILE } from '../../core/manifest.js';
import { classify, type Runner } from '../../core/predict.js';
import { classifyNumbers, numberText } from '../../core/predict-numbers.js';

/** The policy that `serve/` sets on every answer. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
].join('; ');

export interface SiteOptions {
  /** The folder served at `/model`. */
  bundle: string;
  /** More pages by their path: the HTML of each body. */
  pages?: Record<string, string>;
  /** More routes, before all others. */
  extend?(app: Express): void;
}

export interface Site {
  /** Ends in a slash. */
  url: string;
  close(): Promise<void>;
}

const page = (body: string) => `<!doctype html><html lang="en"><head><title>Test</title>
<script type="module" src="/digit-classifier.js"></script></head><body>${body}</body></html>`;

/** `POST /predict` with one multipart image: real decoding and a real session, so that both sides can be compared. */
async function addPredict(app: Express, bundle: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(bundle, MANIFEST_FILE), 'utf8')) as Manifest;
  const session = await InferenceSession.create(join(bundle, MODEL_FILE));
  const runner: Runner = {
    async run(input, batch) {
      const { logits, probabilities } = await session.run({
        input: new Tensor('float32', input, [batch, 1, 28, 28]),
      });
      return {
        logits: logits!.data as Float32Array,
        probabilities: probabilities!.data as Float32Array,
      };
    },
  };
  app.post('/predict', express.raw({ type: '*/*', limit: '8mb' }), async (request, response) => {
    const headers = { 'content-type': request.headers['content-type']! };
    const form = await new Response(request.body as Uint8Array<ArrayBuffer>, { headers }).formData();
    const file = await (form.get('image') as File).arrayBuffer();
    const { data, info } = await sharp(file)
      .ensureAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const image = { width: info.width, height: info.height, data };
    const results =
      request.query.digits === 'many'
        ? (await classifyNumbers([image], runner, manifest.calibration)).map((numbers) => ({
            number: numberText(numbers),
            digits: numbers.lines.flatMap(({ digits }) => digits),
          }))
        : await classify([image], runner, manifest.calibration);
    response.json({ model: { name: manifest.name, version: manifest.version }, results, timing: {} });
  });
}

/** Serves the built site and a bundle on a loopback port, under the page policy of the real service. */
export async function startSite({ bundle, pages = {}, extend }: SiteOptions): Promise<Site> {
  const app = express();
  app.use((_request, response, next) => {
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    next();
  });
  extend?.(app);
  for (const [path, body] of Object.entries(pages)) {
    app.get(path, (_request, response) => {
      response.type('html').send(page(body));
    });
  }
  await addPredict(app, bundle);
  app.use('/model', express.static(bundle));
  app.use(express.static(fileURLToPath(new URL('../../web/site/', import.meta.url))));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
