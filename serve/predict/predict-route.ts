import type { IncomingMessage, ServerResponse } from 'node:http';
import { unmet } from '../../core/errors.js';
import type { RgbaImage } from '../../core/image.js';
import type { Prediction } from '../../core/predict.js';
import { type NumberPrediction, numberText } from '../../core/predict-numbers.js';
import { readBody } from '../http/body.js';
import { sendJson } from '../http/problem.js';
import type { Limits } from '../limits.js';
import { decode } from '../pictures/decode.js';
import { type Holding, PixelBudget } from '../pictures/pixel-budget.js';
import type { Service } from '../service.js';
import type { Digits } from '../workers/worker-protocol.js';
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
export function predictRoute(service: Service, limits: Limits) {
  const budget = new PixelBudget(limits.queuedPixels);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const holding = budget.open();
    try {
      await predict(request, response, holding);
    } finally {
      holding.release();
    }
  };

  async function predict(
    request: IncomingMessage,
    response: ServerResponse,
    holding: Holding,
  ): Promise<void> {
    const started = performance.now();
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const { top, digits } = predictOptions(query);
    const body = await readBody(request, limits.bodyBytes);
    const received = performance.now();
    const images = await readImages(body, request.headers['content-type'] ?? '', limits, holding);
    const decodeMilliseconds = performance.now() - received;
    const { results, ...waits } = await readAll(service, images, digits, top);
    const { name, version } = service.manifest;
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
  }
}

/** To microseconds. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

async function readAll(service: Service, images: RgbaImage[], digits: Digits, top: number | null) {
  if (digits === 'many') {
    const { predictions, ...waits } = await service.classify(images, 'many');
    return { results: predictions.map((prediction) => numberResult(prediction, top)), ...waits };
  }
  const { predictions, ...waits } = await service.classify(images, 'one');
  return { results: predictions.map((prediction) => withTop(prediction, top)), ...waits };
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

type ReadPicture = (bytes: Buffer, name: string) => Promise<RgbaImage>;

async function readImages(
  body: Buffer,
  contentType: string,
  limits: Limits,
  holding: Holding,
): Promise<RgbaImage[]> {
  const read: ReadPicture = async (bytes, name) => {
    const image = await decode(bytes, { ...limits, name });
    holding.add(image.width * image.height);
    return image;
  };
  if (/^application\/json\b/i.test(contentType)) {
    const picture = parseJsonBody(body, limits.jsonDepth);
    return [picture.kind === 'pixels' ? picture.image : await read(picture.bytes, 'image')];
  }
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    // Whatever the type says, the bytes decide: curl --data-binary calls every file a form.
    return [await read(body, 'the body')];
  }
  return decodeAll(await parseMultipart(body, contentType, limits.images), limits, read);
}

/** Decodes in turn, so that one request never holds more than it may hand on. */
async function decodeAll(
  files: readonly NamedFile[],
  limits: Limits,
  read: ReadPicture,
): Promise<RgbaImage[]> {
  const images: RgbaImage[] = [];
  let pixels = 0;
  for (const [index, { name, bytes }] of files.entries()) {
    const image = await read(bytes, `picture ${index + 1} of ${files.length}${name ? ` (${name})` : ''}`);
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
