import busboy from 'busboy';
import { describe, unmet } from '../../core/errors.js';
import { refuseOptions } from './predict-options.js';

export interface NamedFile {
  name: string;
  bytes: Buffer;
}

/** The field that carries the pictures. */
const FIELD = 'image';
const ADVICE = 'Send the pictures as files in the field image: curl -F image=@digit.png.';

/**
 * The files of a multipart body, in their order.
 * @throws TenfoldError `bad-input` where the body is not whole, has no file in `image`, has one in another field or a
 * parameter of the query as a field, or has more than `most`.
 */
export function parseMultipart(body: Buffer, contentType: string, most: number): Promise<NamedFile[]> {
  return new Promise((resolve, reject) => {
    const files: NamedFile[] = [];
    const fields: string[] = [];
    const parser = open(contentType, most);
    parser.on('file', (field, stream, { filename }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      // A file that is cut off fails on its own stream as well as on the parser's.
      stream.on('error', (cause) => reject(cutOff(cause)));
      stream.on('end', () => {
        const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
        if (field === FIELD) files.push({ name: filename ?? '', bytes });
        else reject(bad('files in the field image', 'the form', `one in the field ${describe(field)}`));
      });
    });
    parser.on('field', (name) => {
      fields.push(name);
      try {
        refuseOptions([name], 'the form');
      } catch (error) {
        reject(error);
      }
    });
    parser.on('filesLimit', () => reject(tooMany(most)));
    parser.on('error', (cause) => reject(cutOff(cause as Error)));
    parser.on('close', () => {
      const misplaced = fields.length > 0 ? `the fields ${fields.map(describe).join(', ')}` : 'an empty form';
      if (files.length === 0) reject(bad('a file in the field image', 'the form', misplaced));
      else resolve(files);
    });
    parser.end(body);
  });
}

function open(contentType: string, most: number) {
  try {
    return busboy({
      headers: { 'content-type': contentType },
      limits: { files: most, fields: 16, fieldSize: 1024 },
      defParamCharset: 'utf8',
    });
  } catch (cause) {
    throw bad('a multipart boundary', 'the Content-Type', describe(contentType), cause);
  }
}

const tooMany = (most: number) =>
  unmet({
    code: 'bad-input',
    what: 'the request',
    expected: `at most ${most} pictures`,
    got: 'more',
    advice: 'Send the others in another request.',
  });

const cutOff = (cause: Error) => bad('a whole multipart form', 'the body', cause.message, cause);

const bad = (expected: string, what: string, got: string, cause?: unknown) =>
  unmet({ code: 'bad-input', what, expected, got, advice: ADVICE, cause });
