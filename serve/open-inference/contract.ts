import { INPUT_LENGTH } from '../../core/image.js';
import { graphContract, type Manifest } from '../../core/manifest.js';

/** What every bundle's graph takes and gives, in the protocol's words. */
export interface Tensor<Name extends string = string> {
  name: Name;
  datatype: 'FP32';
  /** -1 where any number of rows may be. */
  shape: number[];
}

export type OutputName = Manifest['outputs'][number]['name'];

const onWire = (shape: readonly (string | number)[]): number[] =>
  shape.map((size) => (typeof size === 'number' ? size : -1));

const { input, outputs } = graphContract();

export const INPUT: Tensor<'input'> = { name: input.name, datatype: 'FP32', shape: onWire(input.shape) };

export const OUTPUTS: readonly Tensor<OutputName>[] = outputs.map(({ name, shape }) => ({
  name,
  datatype: 'FP32',
  shape: onWire(shape),
}));

/** Bytes of one row of the input, `[1, 28, 28]` of float32. */
export const ROW_BYTES = INPUT_LENGTH * Float32Array.BYTES_PER_ELEMENT;
