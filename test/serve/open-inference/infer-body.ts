import { INPUT_LENGTH } from '../../../core/image.js';

export interface InferBody {
  body: Buffer;
  jsonBytes: number | null;
}

/** A request's body: JSON alone, or with the bytes of tensors behind it. */
export function infer(header: object, ...tensors: Float32Array[]): InferBody {
  const json = Buffer.from(JSON.stringify(header));
  const bytes = tensors.map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return { body: Buffer.concat([json, ...bytes]), jsonBytes: tensors.length > 0 ? json.length : null };
}

export const parametersOf = ({ byteLength }: Float32Array) => ({
  parameters: { binary_data_size: byteLength },
});

/** An input of one row, unless told otherwise. */
export const inputOf = (members: object) => ({
  name: 'input',
  datatype: 'FP32',
  shape: [1, 1, 28, 28],
  ...members,
});

export const ROW = new Array<number>(INPUT_LENGTH).fill(0);
