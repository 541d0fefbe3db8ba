import type { Operator, Operators } from '../onnx/operators.js';
import { type Constant, int64 } from '../onnx/tensor.js';
import {
  type Affine,
  type Convolution,
  type Dense,
  type FeatureMap,
  type Op,
  storedShape,
  type Value,
} from './intermediate.js';

/** What a converter says of a new operation; the draft adds the kind, the input and the output. */
type Parts<O extends Op> = Omit<O, 'kind' | 'inputs' | 'output' | 'shape'> & {
  /** The output's shape as Layers gives it, without the batch. */
  shape: readonly number[];
};

export interface NodeParts {
  name: string;
  /** By default that of the first value among the inputs. */
  shape?: readonly number[];
  flattened?: FeatureMap | null;
}

/** Collects the operations of one network as converters append them. */
export class Draft {
  readonly ops: Op[] = [];
  #values = 0;

  /** Declares a value that no operation computes. */
  input(shape: readonly number[]): Value {
    return this.#value(shape);
  }

  convolution(input: Value, parts: Parts<Convolution>): Value {
    return this.#append(parts.shape, (output, shape) => ({
      ...parts,
      kind: 'convolution',
      inputs: [input.id],
      output,
      shape,
    }));
  }

  dense(input: Value, parts: Parts<Dense>): Value {
    return this.#append(parts.shape, (output, shape) => ({
      ...parts,
      kind: 'dense',
      inputs: [input.id],
      output,
      shape,
    }));
  }

  affine(input: Value, parts: Omit<Parts<Affine>, 'shape'>): Value {
    return this.#append(
      input.shape,
      (output, shape) => ({ ...parts, kind: 'affine', inputs: [input.id], output, shape }),
      input.flattened,
    );
  }

  /** Appends any ONNX operator with one output; by default the output has the first input's shape and order. */
  node<O extends Operator>(
    operator: O,
    inputs: readonly (Value | Constant)[],
    attributes: Operators[O],
    { name, shape, flattened }: NodeParts,
  ): Value {
    const first = inputs.find((input): input is Value => 'id' in input)!;
    return this.#append(
      shape ?? first.shape,
      (output, stored) => ({
        kind: 'node',
        operator,
        attributes,
        name,
        inputs: inputs.map((input) => ('id' in input ? input.id : input)),
        output,
        shape: stored,
      }),
      shape ? (flattened ?? null) : (flattened ?? first.flattened),
    );
  }

  /** A flat value with its elements in Layers' order: for the rare reader that has no weights to permute. */
  inLayersOrder(value: Value, name: string): Value {
    if (!value.flattened) return value;
    const { height, width, channels } = value.flattened;
    const pixels = height * width;
    const order = Array.from(
      { length: pixels * channels },
      (_, index) => (index % channels) * pixels + Math.floor(index / channels),
    );
    return this.node('Gather', [value, int64(order)], { axis: 1 }, { name, shape: value.shape });
  }

  #append(
    shape: readonly number[],
    make: (output: number, stored: readonly number[]) => Op,
    flattened: FeatureMap | null = null,
  ): Value {
    const value = this.#value(shape, flattened);
    this.ops.push(make(value.id, storedShape(shape)));
    return value;
  }

  #value(shape: readonly number[], flattened: FeatureMap | null = null): Value {
    return { id: this.#values++, shape, flattened };
  }
}
