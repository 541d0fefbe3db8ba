import type { Operator, Operators } from '../onnx/operators.js';
import { type Constant, DATA_TYPE, int64 } from '../onnx/tensor.js';
import { type Arrangement, asLayers, isSame, movesNothing, storedOrder, storedShape } from './arrangement.js';
import type {
  Affine,
  Convolution,
  Dense,
  Op,
  TransposedConvolution,
  Value,
  ValueId,
} from './intermediate.js';

/** What a converter says of a new operation; the draft adds the kind, the input and the output. */
type Parts<O extends Op> = Omit<O, 'kind' | 'inputs' | 'output' | 'shape'> & {
  /** How the output is shaped and stored. */
  arrangement: Arrangement;
};

export interface NodeParts {
  name: string;
  /** By default that of the first value among the inputs. */
  arrangement?: Arrangement;
  flattened?: Arrangement | null;
}

/** One value is another's elements with the stored dimensions in another order. */
interface Transposition {
  root: ValueId;
  /** For each stored dimension, batch left out, where the root has it. */
  permutation: readonly number[];
}

/** Collects the operations of one network as converters append them. */
export class Draft {
  readonly ops: Op[] = [];
  #values = 0;
  readonly #transpositions = new Map<ValueId, Transposition>();
  readonly #transposed = new Map<string, ValueId>();

  /** Declares a value that no operation computes. */
  input(arrangement: Arrangement, type: Value['type'] = 'float32'): Value {
    return { ...this.#value(arrangement), type };
  }

  convolution(input: Value, { arrangement, ...parts }: Parts<Convolution>): Value {
    return this.#append(arrangement, (output, shape) => ({
      ...parts,
      kind: 'convolution',
      inputs: [input.id],
      output,
      shape,
    }));
  }

  transposedConvolution(input: Value, { arrangement, ...parts }: Parts<TransposedConvolution>): Value {
    return this.#append(arrangement, (output, shape) => ({
      ...parts,
      kind: 'transposedConvolution',
      inputs: [input.id],
      output,
      shape,
    }));
  }

  dense(input: Value, { arrangement, ...parts }: Parts<Dense>): Value {
    return this.#append(arrangement, (output, shape) => ({
      ...parts,
      kind: 'dense',
      inputs: [input.id],
      output,
      shape,
    }));
  }

  affine(input: Value, parts: Omit<Parts<Affine>, 'arrangement'>): Value {
    return this.#append(
      input,
      (output, shape) => ({ ...parts, kind: 'affine', inputs: [input.id], output, shape }),
      input.flattened,
    );
  }

  /** Appends any ONNX operator with one output; by default the output is shaped and stored as the first input. */
  node<O extends Operator>(
    operator: O,
    inputs: readonly (Value | Constant)[],
    attributes: Operators[O],
    { name, arrangement, flattened }: NodeParts,
  ): Value {
    const first = inputs.find((input): input is Value => 'id' in input)!;
    return this.#append(
      arrangement ?? first,
      (output, stored) => ({
        kind: 'node',
        operator,
        attributes,
        name,
        inputs: inputs.map((input) => ('id' in input ? input.id : input)),
        output,
        shape: stored,
      }),
      arrangement ? (flattened ?? null) : (flattened ?? first.flattened),
    );
  }

  /**
   * The value stored in another order of its dimensions. That is a node only where it moves anything, the same order is made
   * once, and going back to an earlier order gives the value that had it: transposes never stand in pairs.
   */
  arranged(value: Value, axes: readonly number[], name: string): Value {
    const moves = axes.map((axis) => value.axes.indexOf(axis));
    const { root, permutation } = this.#transpositions.get(value.id) ?? {
      root: value.id,
      permutation: axes.map((_, index) => index),
    };
    const total = moves.map((from) => permutation[from]!);
    const key = `${root} ${total}`;
    const arrangement = { shape: value.shape, axes };
    const known = isSame(total, asLayers(total).axes) ? root : this.#transposed.get(key);
    if (known !== undefined) return { ...value, ...arrangement, id: known };
    const isStill = movesNothing({ shape: storedShape(value), axes: moves });
    const moved = isStill
      ? this.node('Reshape', [value, int64([0, ...storedShape(arrangement)])], {}, { name, arrangement })
      : this.node(
          'Transpose',
          [value],
          { perm: [0, ...moves.map((from) => from + 1)] },
          { name, arrangement },
        );
    this.#transpositions.set(moved.id, { root, permutation: total });
    this.#transposed.set(key, moved.id);
    return moved;
  }

  /** The value with its elements in Layers' order: for the reader that has no weights to permute. */
  inLayersOrder(value: Value, name: string): Value {
    if (!value.flattened) return this.arranged(value, asLayers(value.shape).axes, name);
    const order = storedOrder(value.flattened);
    const positions = new Array<number>(order.length);
    order.forEach((index, position) => {
      positions[index] = position;
    });
    return this.node(
      'Gather',
      [value, int64(positions)],
      { axis: 1 },
      { name, arrangement: asLayers(value.shape) },
    );
  }

  /** The value as float32, which all layers but an embedding compute with. */
  asFloat(value: Value, name: string): Value {
    return value.type === 'float32' ? value : this.node('Cast', [value], { to: DATA_TYPE.float32 }, { name });
  }

  #append(
    arrangement: Arrangement,
    make: (output: number, stored: readonly number[]) => Op,
    flattened: Arrangement | null = null,
  ): Value {
    const value = this.#value(arrangement, flattened);
    this.ops.push(make(value.id, storedShape(arrangement)));
    return value;
  }

  #value({ shape, axes }: Arrangement, flattened: Arrangement | null = null): Value {
    return { id: this.#values++, shape, axes, flattened, type: 'float32' };
  }
}
