import { z } from 'zod';
import { INPUT_SIDE } from '../../core/image.js';
import { NUMBERS_RESPONSE, PREDICT_JSON, PREDICT_QUERY, PREDICT_RESPONSE } from '../predict/schemas.js';
import { EXAMPLE_PICTURES } from './example-pictures.js';
import { KEY_WHERE_SET, type PathTable } from './path-table.js';
import { RATE_HEADERS, refusals } from './problems.js';

const FILE = { type: 'string', contentMediaType: 'application/octet-stream' } as const;

const dataUrl = ({ base64 }: { base64: string }) => `data:image/png;base64,${base64}`;

/** A 4 in MNIST's way: ink 255 on 0. */
const PIXELS = Array.from({ length: INPUT_SIDE }, (_, y) =>
  Array.from({ length: INPUT_SIDE }, (_, x) => {
    const left = Math.abs(x - (11 - (y - 5) * 0.3)) < 1.3 && y >= 5 && y <= 14;
    const bar = Math.abs(y - 14) < 1.1 && x >= 8 && x <= 20;
    const right = Math.abs(x - 16) < 1.1 && y >= 7 && y <= 23;
    return left || bar || right ? 255 : 0;
  }),
);

const timing = {
  decodeMilliseconds: 0.071,
  queueMilliseconds: 0.134,
  preprocessMilliseconds: 0.252,
  inferenceMilliseconds: 0.418,
  totalMilliseconds: 1.02,
};
const model = { name: 'default', version: '1.0.0' };

const DIGIT_ANSWER: z.infer<typeof PREDICT_RESPONSE> = {
  model,
  results: [
    {
      digit: 7,
      confidence: 0.991,
      probabilities: [0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.991, 0.001, 0.001],
      accepted: true,
      reason: null,
    },
  ],
  timing,
};

const NUMBER_ANSWER: z.infer<typeof NUMBERS_RESPONSE> = {
  model,
  results: [
    {
      number: '4',
      digits: [
        {
          digit: 4,
          confidence: 0.982,
          probabilities: [0.002, 0.002, 0.002, 0.002, 0.982, 0.002, 0.002, 0.002, 0.002, 0.002],
          accepted: true,
          reason: null,
          box: { left: 40, top: 22, width: 31, height: 54 },
          line: 0,
        },
      ],
      accepted: true,
      reason: null,
    },
  ],
  timing,
};

/** `POST /predict`. */
export const PREDICT_PATHS: PathTable = {
  '/predict': {
    post: {
      operationId: 'predict',
      tags: ['Predict'],
      summary: 'Read digits from pictures',
      description:
        'Send pictures as a form, one picture as the body, or one as JSON. PNG, JPEG, WebP and GIF files of any size within the limits are read, on light or dark ground; whatever the type says, the bytes decide. Parameters that are not listed are refused. A picture without a digit is an answer too: look at `accepted`.',
      security: KEY_WHERE_SET,
      requestParams: { query: PREDICT_QUERY },
      requestBody: {
        required: true,
        description: 'One picture, or with a form as many as the service takes.',
        content: {
          'multipart/form-data': {
            schema: z.object({
              image: z
                .array(z.string().meta({ override: FILE }))
                .min(1)
                .describe('The files; repeat the field for several pictures.'),
            }),
            encoding: { image: { contentType: 'image/png, image/jpeg, image/webp, image/gif' } },
          },
          'application/json': {
            schema: PREDICT_JSON,
            examples: {
              image: { summary: 'A file in base64', value: { image: dataUrl(EXAMPLE_PICTURES.digit) } },
              pixels: { summary: '28 rows of 28 numbers', value: { pixels: PIXELS } },
            },
          },
          'image/*': { schema: { ...FILE, contentMediaType: 'image/*', description: 'A file as it is.' } },
        },
      },
      responses: {
        200: {
          description: 'The answers, one for each picture.',
          headers: RATE_HEADERS,
          content: {
            'application/json': {
              schema: z.union([PREDICT_RESPONSE, NUMBERS_RESPONSE]),
              examples: {
                digit: { summary: 'One digit', value: DIGIT_ANSWER },
                number: { summary: 'With digits=many', value: NUMBER_ANSWER },
              },
            },
          },
        },
        ...refusals(400, 401, 404, 405, 413, 415, 429, 500, 503),
      },
    },
  },
};
