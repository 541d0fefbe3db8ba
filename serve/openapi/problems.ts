import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { PROBLEM_TYPE, type Problem, problem } from '../http/problem.js';

/** RFC 9457. */
export const PROBLEM = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().describe('The name of the status.'),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What was expected, what came, and what to do about it.'),
    error: z.string().describe('The same text as `detail`, for clients that look here.'),
  })
  .describe('An error, by RFC 9457.')
  .meta({ id: 'Problem' }) satisfies z.ZodType<Problem>;

export const header = (description: string, example: string) => ({
  description,
  schema: { type: 'string' as const },
  example,
});

/** Bytes of any kind. */
export const BYTES = { type: 'string', contentMediaType: 'application/octet-stream' } as const;

/** Only where the service was given a rate. */
export const RATE_HEADERS = {
  RateLimit: header('What is left, and the seconds until all of it is back.', '"tenfold"; r=99; t=60'),
  'RateLimit-Policy': header(
    'The requests that are allowed, and in how many seconds.',
    '"tenfold"; q=100; w=60',
  ),
};

const RETRY = { 'Retry-After': header('Seconds to wait before the next try.', '1') };

/** @param detail a detail as the service words it */
const refusal = (
  status: number,
  description: string,
  detail: string,
  headers?: typeof RETRY,
): ZodOpenApiResponseObject => ({
  id: `Error${status}`,
  description,
  ...(headers && { headers }),
  content: { [PROBLEM_TYPE]: { schema: PROBLEM, example: problem(status, detail) } },
});

/** Every status of an error, when it comes, and an example. */
const REFUSALS = {
  400: refusal(
    400,
    'The request, or a picture in it, is not what it should be.',
    'Expected a whole number from 1 to 10 for the parameter top, got "0" (string). Ask for /predict?top=3, say.',
  ),
  401: refusal(
    401,
    'The service asks for a key, and there was none, or another one.',
    'Expected one of the service’s keys for POST /predict, got no key. Send Authorization: Bearer KEY, or X-API-Key: KEY.',
  ),
  404: refusal(
    404,
    'There is no such path, file or model.',
    'Expected a path of this service, got /nowhere. Try POST /predict, /livez or /readyz.',
  ),
  405: refusal(
    405,
    'The path takes another method: `Allow` says which.',
    'Expected POST for /predict, got GET. Use POST.',
  ),
  412: refusal(
    412,
    'A condition of the request that the file does not meet.',
    'Expected a range and conditions that /model/model.onnx meets, got Precondition Failed. Ask for all of it.',
  ),
  413: refusal(
    413,
    'More bytes or pixels than the service takes.',
    'Expected at most 10485760 bytes for the body, got 20000000 bytes. Send fewer or smaller pictures in one request.',
  ),
  415: refusal(
    415,
    'A kind of file or coding that is not accepted.',
    'Expected a PNG, JPEG, WebP or GIF picture for the body, got a PDF document. Send the picture as PNG.',
  ),
  416: refusal(
    416,
    'A range that the file does not have.',
    'Expected a range and conditions that /model/model.onnx meets, got Range Not Satisfiable. Ask for all of it.',
  ),
  429: refusal(
    429,
    'More requests than a key or address may send.',
    'Expected at most 100 requests in 60 s for one key or address, got more. Try again in 12 s.',
    RETRY,
  ),
  500: refusal(
    500,
    'The service failed; its log says why.',
    'The service failed on this request; its log says why.',
  ),
  503: refusal(
    503,
    'The service is starting, full or shutting down.',
    'Expected room for 1 more for the queue, got 1024 pictures that wait already. Try again in a moment, or send less at once.',
    RETRY,
  ),
} satisfies { [status: number]: ZodOpenApiResponseObject };

/** The responses of an operation that answers with these errors. */
export const refusals = (...statuses: (keyof typeof REFUSALS)[]): ZodOpenApiResponsesObject =>
  Object.fromEntries(statuses.map((status) => [status, REFUSALS[status]]));
