import type { IncomingMessage, ServerResponse } from 'node:http';
import { unmet } from '../../core/errors.js';
import type { RgbaImage } from '../../core/image.js';
import type { Prediction } from '../../core/predict.js';
import { type NumberPrediction, numberText } from '../../core/predict-numbers.js';
import { readBody } from '../http/body.js';
import { sendJson } from '../http/problem.js';
import type { Limits } from '../limits.js';
import type { LoadedModel, Models } from '../models/models.js';
import { decode } from '../pictures/decode.js';
import type { PictureWork } from '../workers/work.js';
import { parseJsonBody } from './json-body.js';
import { type NamedFile, parseMultipart } from './multipart.js';
import { predictOptions } from './predict-options.js';

/** The likeliest digits, likeliest first; only where `?top=` asked for them. */
interface Top {
  top?: { digit: number; probability: number }[];
}

export interface PredictResult extends Prediction, Top {}

/** A picture's result where `?digits=many` asked for whole numbers. */
export interface NumberResult extends Pick<NumberPrediction, 'accepted' | 'reason'> {
  /** What is written, a line break between two lines; empty where there was nothing to read. */
  number: string;
  /** Line by line, left to right; their boxes in pixels of the picture. */
  digits: (NumberPrediction['lines'][number]['digits'][number] & Top & { line: number })[];
}

/** The answer of `POST /predict`. */
export interface PredictResponse<Result extends PredictResult | NumberResult = PredictResult> {
  model: { name: string; version: string };
  /** One for each picture, in their order. */
  results: Result[];
  /** Milliseconds; preprocessing and inference are those of the batch that the request was part of. */
  timing: {
    decodeMilliseconds: number;
    queueMilliseconds: number;
    preprocessMilliseconds: number;
    inferenceMilliseconds: number;
    totalMilliseconds: number;
  };
}

/** Handles `POST /predict`: multipart, JSON, or a picture as the body. */
export function predictRoute(models: Models, limits: Limits) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const { top, digits } = predictOptions(query);
    const body = await readBody(request, limits.bodyBytes);
    const received = performance.now();
    const images = await readImages(body, request.headers['content-type'] ?? '', limits);
    const decodeMilliseconds = performance.now() - received;
    const { manifest, results, ...waits } = await models.use({}, async (model) => ({
      manifest: model.manifest,
      ...(await readAll(model, images, digits, top)),
    }));
    const { name, version } = manifest;
    const answer: PredictResponse<PredictResult | NumberResult> = {
      model: { name, version },
      results,
      timing: {
        decodeMilliseconds: rounded(decodeMilliseconds),
        queueMilliseconds: rounded(waits.queueMilliseconds),
        preprocessMilliseconds: rounded(waits.preprocessMilliseconds),
        inferenceMilliseconds: rounded(waits.inferenceMilliseconds),
        totalMilliseconds: rounded(performance.now() - started),
      },
    };
    sendJson(response, 200, answer);
  };
}

/** To microseconds. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

async function readAll(model: LoadedModel, images: RgbaImage[], digits: PictureWork, top: number | null) {
  if (digits === 'many') {
    const { output, ...waits } = await model.run('many', images);
    return { results: output.map((prediction) => numberResult(prediction, top)), ...waits };
  }
  const { output, ...waits } = await model.run('one', images);
  return { results: output.map((prediction) => withTop(prediction, top)), ...waits };
}

function numberResult(prediction: NumberPrediction, top: number | null): NumberResult {
  const { lines, accepted, reason } = prediction;
  const digits = lines.flatMap((line, index) => line.digits.map((digit) => ({ ...digit, line: index })));
  return {
    number: numberText(prediction),
    digits: digits.map((digit) => withTop(digit, top)),
    accepted,
    reason,
  };
}

function withTop<Answer extends Prediction>(prediction: Answer, count: number | null): Answer & Top {
  if (count === null) return prediction;
  const ranked = prediction.probabilities
    .map((probability, digit) => ({ digit, probability }))
    .sort((a, b) => b.probability - a.probability);
  return { ...prediction, top: prediction.digit === null ? [] : ranked.slice(0, count) };
}

async function readImages(body: Buffer, contentType: string, limits: Limits): Promise<RgbaImage[]> {
  if (/^application\/json\b/i.test(contentType)) {
    const picture = parseJsonBody(body);
    return picture.kind === 'pixels'
      ? [picture.image]
      : [await decode(picture.bytes, { pixels: limits.pixels, name: 'image' })];
  }
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    // Whatever the type says, the bytes decide: curl --data-binary calls every file a form.
    return [await decode(body, { pixels: limits.pixels, name: 'the body' })];
  }
  const files = await parseMultipart(body, contentType, limits.images);
  return decodeAll(files, limits);
}

/** Decodes in turn, so that one request never holds more than it may hand on. */
async function decodeAll(files: readonly NamedFile[], limits: Limits): Promise<RgbaImage[]> {
  const images: RgbaImage[] = [];
  let pixels = 0;
  for (const [index, { name, bytes }] of files.entries()) {
    const label = `picture ${index + 1} of ${files.length}${name ? ` (${name})` : ''}`;
    const image = await decode(bytes, { pixels: limits.pixels, name: label });
    pixels += image.width * image.height;
    if (pixels > limits.queuedPixels) {
      throw unmet({
        code: 'too-large',
        what: 'the pictures of one request',
        expected: `at most ${limits.queuedPixels} pixels in all`,
        got: 'more',
        advice: 'Send them in several requests.',
      });
    }
    images.push(image);
  }
  return images;
}
