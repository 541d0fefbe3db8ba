import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, unmet } from '../../core/errors.js';
import type { RgbaImage } from '../../core/image.js';
import type { Prediction } from '../../core/predict.js';
import { type NumberPrediction, numberText } from '../../core/predict-numbers.js';
import { Budget, type Holding } from '../budget.js';
import { goneSignal } from '../gone.js';
import { readBody } from '../http/body.js';
import { sendJson } from '../http/problem.js';
import type { Limits } from '../limits.js';
import type { LoadedModel, Models } from '../models/models.js';
import { noteWork } from '../operations/exchange.js';
import { decode } from '../pictures/decode.js';
import { DecodeGate, type Turn } from '../pictures/decode-gate.js';
import type { Done } from '../workers/work.js';
import { parseJsonBody } from './json-body.js';
import { type NamedFile, parseMultipart } from './multipart.js';
import { predictOptions } from './predict-options.js';
import type { NumberResult, PredictQuery, PredictResponse, PredictResult } from './schemas.js';

/**
 * While a pixel is decoded it takes up to 16 bytes (of 16 bits a channel, interlaced, turned by its orientation), which is so many times
 * what it takes afterwards: a share of the pixels that may be held is decoded at once, in as much memory as all of them.
 */
const DECODING_FACTOR = 4;

/**
 * Handles `POST /predict`: multipart, JSON, or a picture as the body.
 * @param bodies of all requests of the service
 */
export function predictRoute(models: Pick<Models, 'use'>, limits: Limits, bodies: Budget) {
  const decoded = new Budget(limits.queuedPixels, 'pixels');
  const gate = new DecodeGate(limits.queueMilliseconds, limits.queuedPixels / DECODING_FACTOR);
  return (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    bodies.lend((holding) => decoded.lend((pixels) => predict(request, response, { body: holding, pixels })));

  async function predict(request: IncomingMessage, response: ServerResponse, held: Held): Promise<void> {
    const started = performance.now();
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const { model: name, version, ...options } = predictOptions(query);
    const signal = goneSignal(response);
    const body = await readBody(request, { limit: limits.bodyBytes, holding: held.body });
    const received = performance.now();
    const images = await readImages(body, request.headers['content-type'] ?? '', {
      limits,
      turn: gate.open(signal),
      holding: held.pixels,
    });
    const decodeMilliseconds = performance.now() - received;
    // The model is held only now: whoever sends slowly does not keep it from being unloaded.
    const answer = await models.use({ name, version }, async (model) => ({
      model: { name: model.manifest.name, version: model.manifest.version },
      ...(await readAll(model, images, options, { signal, limits, received })),
    }));
    const { queueMilliseconds, preprocessMilliseconds, inferenceMilliseconds } = answer;
    noteWork(response, {
      model: answer.model,
      images: answer.results.length,
      decodeStarted: received,
      decodeMilliseconds,
      queueMilliseconds,
      preprocessMilliseconds,
      inferenceMilliseconds,
    });
    sendJson(response, 200, {
      model: answer.model,
      results: answer.results,
      timing: {
        decodeMilliseconds: rounded(decodeMilliseconds),
        queueMilliseconds: rounded(queueMilliseconds),
        preprocessMilliseconds: rounded(preprocessMilliseconds),
        inferenceMilliseconds: rounded(inferenceMilliseconds),
        totalMilliseconds: rounded(performance.now() - started),
      },
    } satisfies PredictResponse<PredictResult | NumberResult>);
  }
}

/** What a request holds of the budgets of all. */
interface Held {
  body: Holding;
  pixels: Holding;
}

/** To microseconds. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

type AnswerOptions = Pick<PredictQuery, 'top' | 'digits'>;

/** Who waits for an answer, and for how long. */
interface Waiting {
  signal: AbortSignal;
  limits: Pick<Limits, 'batchMilliseconds'>;
  /** When all of the request was there, of `performance.now()`. */
  received: number;
}

async function readAll(
  model: LoadedModel,
  images: RgbaImage[],
  { top, digits }: AnswerOptions,
  waiting: Waiting,
) {
  if (digits === 'many') {
    const { output, ...waits } = await readNumbers(model, images, waiting);
    return { results: output.map((prediction) => numberResult(prediction, top)), ...waits };
  }
  const { output, ...waits } = await model.run('one', images, { signal: waiting.signal });
  return { results: output.map((prediction) => withTop(prediction, top)), ...waits };
}

/** Picture by picture: each has a batch's time to itself, and requests of others have their turn in between. Times are summed. */
async function readNumbers(
  model: LoadedModel,
  images: readonly RgbaImage[],
  { signal, limits, received }: Waiting,
): Promise<Done<'many'>> {
  const sum: Done<'many'> = {
    output: [],
    queueMilliseconds: 0,
    preprocessMilliseconds: 0,
    inferenceMilliseconds: 0,
  };
  for (const [index, image] of images.entries()) {
    if (index > 0 && performance.now() - received > limits.batchMilliseconds) {
      throw tooMany(limits.batchMilliseconds, `${index} of ${images.length}`);
    }
    const done = await model.run('many', [image], { signal });
    sum.output.push(...done.output);
    sum.queueMilliseconds += done.queueMilliseconds;
    sum.preprocessMilliseconds += done.preprocessMilliseconds;
    sum.inferenceMilliseconds += done.inferenceMilliseconds;
  }
  return sum;
}

const tooMany = (milliseconds: number, begun: string) =>
  unmet({
    code: 'unavailable',
    what: 'the numbers of one request',
    expected: `each picture to begin within ${milliseconds} ms`,
    got: `${begun} in that time`,
    advice: 'Send fewer pictures in one request.',
  });

function numberResult(prediction: NumberPrediction, top: number | undefined): NumberResult {
  const { lines, accepted, reason } = prediction;
  const digits = lines.flatMap((line, index) => line.digits.map((digit) => ({ ...digit, line: index })));
  return {
    number: numberText(prediction),
    digits: digits.map((digit) => withTop(digit, top)),
    accepted,
    reason,
  };
}

function withTop<Answer extends Prediction>(
  prediction: Answer,
  count: number | undefined,
): Answer & Pick<PredictResult, 'top'> {
  if (count === undefined) return prediction;
  const ranked = prediction.probabilities
    .map((probability, digit) => ({ digit, probability }))
    .sort((a, b) => b.probability - a.probability);
  return { ...prediction, top: prediction.digit === null ? [] : ranked.slice(0, count) };
}

type ReadPicture = (bytes: Buffer, name: string) => Promise<RgbaImage>;

async function readImages(
  body: Buffer,
  contentType: string,
  { limits, turn, holding }: { limits: Limits; turn: Turn; holding: Holding },
): Promise<RgbaImage[]> {
  const read: ReadPicture = (bytes, name) =>
    decode(bytes, { ...limits, name, turn, hold: (pixels) => holding.add(pixels) });
  if (/^application\/json\b/i.test(contentType)) {
    const picture = parseJsonBody(body, limits.jsonDepth);
    return [picture.kind === 'pixels' ? picture.image : await read(picture.bytes, 'image')];
  }
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    if (isJson(body)) throw untyped(contentType);
    // Whatever the type says, the bytes decide: curl --data-binary calls every file a form.
    return [await read(body, 'the body')];
  }
  return decodeAll(await parseMultipart(body, contentType, limits.images), limits, read);
}

/** No picture begins as an object does; curl -d calls it a form, unless it is told otherwise. */
const isJson = (body: Buffer): boolean => /^\s*\{/.test(body.toString('utf8', 0, 64));

const untyped = (contentType: string) =>
  unmet({
    code: 'unsupported-media',
    what: 'the Content-Type of JSON',
    expected: 'application/json',
    got: contentType === '' ? 'none' : describe(contentType),
    advice: 'Send the header Content-Type: application/json.',
  });

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
