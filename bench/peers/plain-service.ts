import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import multer from 'multer';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { CLASS_COUNT, INPUT_SIDE } from '../../core/image.js';
import { MODEL_FILE } from '../../core/manifest.js';

/**
 * The usual way to serve such a model, as tutorials show it: Express, multer, sharp to 28x28 grey, onnxruntime-node
 * on the main thread, one picture a request. Prints its URL.
 */

const bundleDirectory = process.argv[2]!;
const session = await InferenceSession.create(join(bundleDirectory, MODEL_FILE));
const upload = multer({ storage: multer.memoryStorage() });

const app = express();
app.post('/predict', upload.single('image'), async (request, response) => {
  const pixels = await sharp(request.file!.buffer)
    .greyscale()
    .resize(INPUT_SIDE, INPUT_SIDE, { fit: 'fill' })
    .raw()
    .toBuffer();
  const input = Float32Array.from(pixels, (value) => value / 255);
  const outputs = await session.run({
    input: new Tensor('float32', input, [1, 1, INPUT_SIDE, INPUT_SIDE]),
  });
  const probabilities = Array.from(outputs.probabilities!.data as Float32Array).slice(0, CLASS_COUNT);
  const confidence = Math.max(...probabilities);
  response.json({ digit: probabilities.indexOf(confidence), confidence, probabilities });
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
