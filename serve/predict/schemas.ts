import { z } from 'zod';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { RejectionReason } from '../../core/predict.js';
import type { PictureWork } from '../workers/work.js';

/** What `POST /predict` takes and gives: it is validated, typed and documented by these. */

/** What a picture shows: one digit, or lines of them. */
export const DIGITS = ['one', 'many'] as const satisfies readonly PictureWork[];

const MOST_NAME = 200;

/** The query. Values come as text. */
export const PREDICT_QUERY = z.object({
  top: z.coerce
    .number()
    .int()
    .min(1)
    .max(CLASS_COUNT)
    .optional()
    .describe('List so many of the likeliest digits with each result, likeliest first.')
    .meta({ examples: [3] }),
  digits: z
    .enum(DIGITS)
    .default('one')
    .describe('`one`: a picture is one digit. `many`: it is whole numbers, which are read line by line.'),
  model: z
    .string()
    .min(1)
    .max(MOST_NAME)
    .optional()
    .describe('The model to ask. Without it the default model answers.'),
  version: z
    .string()
    .min(1)
    .max(MOST_NAME)
    .optional()
    .describe('The version of the model. Without it the service chooses.'),
});

export type PredictQuery = z.infer<typeof PREDICT_QUERY>;

/** A file in base64, in either alphabet, or a data URL. White space does not matter. */
export const IMAGE_MEMBER = z
  .string()
  .regex(/^(?:data:[^,]*;base64,)?\s*[A-Za-z0-9+/_-][A-Za-z0-9+/_\s-]*(?:=\s*){0,2}$/)
  .describe('A PNG, JPEG, WebP or GIF file in base64, or as a data URL.');

const INK = z.number().min(0).max(255);

/**
 * Describes pixels. `fromPixels` of json-body.ts checks them by hand, which is several times quicker; a test holds the two
 * to the same verdicts.
 */
export const PIXELS_MEMBER = z
  .union([z.array(z.array(INK).length(INPUT_SIDE)).length(INPUT_SIDE), z.array(INK).length(INPUT_LENGTH)])
  .describe(
    '28 rows of 28 numbers, or all 784 in a row: ink high on 0. Where none is above 1 they are shares of full ink, else 0 to 255.',
  );

/** That a member is not there. */
const ABSENT = z.never().optional();

export const PREDICT_JSON = z
  .xor([
    z.object({ image: IMAGE_MEMBER, pixels: ABSENT }),
    z.object({ pixels: PIXELS_MEMBER, image: ABSENT }),
  ])
  .describe(
    'One picture: the bytes of a file, or pixels that need no decoding. Parameters have no place here, but in the query.',
  )
  .meta({ id: 'PredictBody' });

/** Why an answer is not to be relied on, in words. */
export const REJECTION_REASONS: { readonly [Reason in RejectionReason]: string } = {
  blank: 'there is no ink',
  'no-contrast': 'ink and paper are alike',
  'low-confidence': 'no digit is likely enough',
  'unlike-digits': 'it looks like nothing the model was trained on',
};

const SHARE = z.number().min(0).max(1);
const MILLISECONDS = z.number().min(0);
const DIGIT = z
  .int()
  .min(0)
  .max(CLASS_COUNT - 1);

const TOP = z
  .array(z.object({ digit: DIGIT, probability: SHARE }))
  .max(CLASS_COUNT)
  .describe('The likeliest digits, likeliest first; only where `top` asked for them.');

const REASON = z
  .enum(Object.keys(REJECTION_REASONS) as RejectionReason[])
  .nullable()
  .describe(
    `Null exactly where \`accepted\` is true. Else: ${Object.entries(REJECTION_REASONS)
      .map(([reason, words]) => `\`${reason}\`, ${words}`)
      .join('; ')}.`,
  );

const ACCEPTED = z
  .boolean()
  .describe('Whether the answer is to be relied on, by the limit that was fitted to the model.');

export const PREDICT_RESULT = z
  .object({
    digit: DIGIT.nullable().describe('The likeliest digit; null where there was nothing to read.'),
    confidence: SHARE.describe('The probability of `digit`, calibrated.'),
    probabilities: z
      .array(SHARE)
      .length(CLASS_COUNT)
      .describe('Of each digit, 0 to 9. They sum to 1; all are 0 where there was nothing to read.'),
    accepted: ACCEPTED,
    reason: REASON,
    top: TOP.optional(),
  })
  .describe('What one picture says.')
  .meta({ id: 'DigitResult' });

export type PredictResult = z.infer<typeof PREDICT_RESULT>;

const BOX = z
  .object({ left: z.int(), top: z.int(), width: z.int().min(1), height: z.int().min(1) })
  .describe('Where its ink is, in pixels of the picture.');

export const NUMBER_RESULT = z
  .object({
    number: z
      .string()
      .describe('What is written, a line break between two lines; empty where there was nothing to read.'),
    digits: z
      .array(
        PREDICT_RESULT.extend({
          digit: DIGIT,
          box: BOX,
          line: z.int().min(0).describe('Topmost is 0.'),
        }).meta({ id: 'PlacedDigit' }),
      )
      .describe('Line by line, left to right.'),
    accepted: z
      .boolean()
      .describe(
        'Whether every digit is, and nothing may be a point, a comma, a minus sign, an exponent, a slash or a digit too small to be read.',
      ),
    reason: REASON,
  })
  .describe('What one picture says where `digits=many` asked for whole numbers.')
  .meta({ id: 'NumberResult' });

/** A picture's result where `?digits=many` asked for whole numbers. */
export type NumberResult = z.infer<typeof NUMBER_RESULT>;

export const TIMING = z
  .object({
    decodeMilliseconds: MILLISECONDS.describe('From file to pixels.'),
    queueMilliseconds: MILLISECONDS.describe('Until the batch began that the request was part of.'),
    preprocessMilliseconds: MILLISECONDS.describe('Of the whole batch.'),
    inferenceMilliseconds: MILLISECONDS.describe('Of the whole batch.'),
    totalMilliseconds: MILLISECONDS.describe('From the head of the request to its answer.'),
  })
  .describe(
    'Milliseconds. Pictures of numbers are a batch each, of which these are the sums. Where all pictures were in the answer cache, nothing was queued, prepared or computed: 0.',
  )
  .meta({ id: 'Timing' });

const responseOf = <Result extends z.ZodType>(result: Result) =>
  z.object({
    model: z.object({ name: z.string(), version: z.string() }).describe('The model that answered.'),
    results: z.array(result).describe('One for each picture, in their order.'),
    timing: TIMING,
  });

export const PREDICT_RESPONSE = responseOf(PREDICT_RESULT).meta({ id: 'PredictResponse' });
export const NUMBERS_RESPONSE = responseOf(NUMBER_RESULT).meta({ id: 'NumbersResponse' });

/** The answer of `POST /predict`. */
export interface PredictResponse<Result extends PredictResult | NumberResult = PredictResult>
  extends Omit<z.infer<typeof PREDICT_RESPONSE>, 'results'> {
  results: Result[];
}
