import type { GraphBuilder } from '../../onnx/graph.js';
import type { Operator, Operators } from '../../onnx/operators.js';
import { type Constant, DATA_TYPE, type ElementType, float32, int64 } from '../../onnx/tensor.js';

/** A value of the graph, with the type of its elements. */
export interface Term {
  readonly name: string;
  readonly type: ElementType;
}

/** A number stands for a constant of the type that the other operands have. */
type Operand = Term | number;

type Arithmetic = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Min' | 'Max';
type Comparison = 'Less' | 'LessOrEqual' | 'Greater' | 'GreaterOrEqual' | 'Equal';

/** Writes formulas over whole planes as nodes; what is written bears the name of the part of the work that it belongs to. */
export class Formula {
  constructor(
    readonly builder: GraphBuilder,
    readonly part = 'preprocess',
    readonly constants = new Map<string, string>(),
  ) {}

  /** The same graph, for another part of the work. */
  within(part: string): Formula {
    return new Formula(this.builder, `preprocess/${part}`, this.constants);
  }

  constant(value: Constant): Term {
    const key = `${value.type} [${value.shape}] ${value.data}`;
    const name = this.constants.get(key) ?? this.builder.initializer('preprocess/constant', value);
    this.constants.set(key, name);
    return { name, type: value.type };
  }

  /** 0, 1, 2 and so on along the longest of the dimensions, whose others are 1. */
  counting(shape: readonly number[]): Term {
    const data = Float64Array.from({ length: Math.max(...shape) }, (_, index) => index);
    return this.constant({ type: 'float64', shape, data });
  }

  /** Whole numbers: a vector, or a scalar where there is one. */
  whole(...values: number[]): Term {
    return this.constant(int64(values, values.length === 1 ? [] : [values.length]));
  }

  /** A vector, of one number too. */
  vector(...values: number[]): Term {
    return this.constant(int64(values));
  }

  node<O extends Operator>(
    operator: O,
    inputs: readonly Term[],
    attributes: Operators[O],
    { type = inputs[0]!.type, name = `${this.part}/${operator}` }: { type?: ElementType; name?: string } = {},
  ): Term {
    const names = inputs.map((input) => input.name);
    return { name: this.builder.node(operator, names, attributes, { name }), type };
  }

  /** @param name what the value is, where that is worth a name of its own. */
  apply(operator: Arithmetic, a: Operand, b: Operand, name?: string): Term {
    return this.node(operator, this.#pair(a, b), {}, this.#named(name));
  }

  /** @returns bools. */
  compare(operator: Comparison, a: Operand, b: Operand): Term {
    return this.node(operator, this.#pair(a, b), {}, { type: 'bool' });
  }

  and(...conditions: readonly Term[]): Term {
    return conditions.reduce((a, b) => this.node('And', [a, b], {}));
  }

  or(a: Term, b: Term): Term {
    return this.node('Or', [a, b], {});
  }

  not(condition: Term): Term {
    return this.node('Not', [condition], {});
  }

  where(condition: Term, yes: Operand, no: Operand, name?: string): Term {
    const [a, b] = this.#pair(yes, no);
    return this.node('Where', [condition, a, b], {}, { type: a.type, ...this.#named(name) });
  }

  floor(value: Term): Term {
    return this.node('Floor', [value], {});
  }

  /** Between two bounds, which may differ from element to element. */
  between(value: Term, low: Operand, high: Operand): Term {
    return this.apply('Min', this.apply('Max', value, low), high);
  }

  cast(value: Term, type: ElementType, name?: string): Term {
    return this.node('Cast', [value], { to: DATA_TYPE[type] }, { type, ...this.#named(name) });
  }

  /** Sums over these dimensions; bools are counted. */
  sum(value: Term, axes: readonly number[], keep: 0 | 1 = 1): Term {
    const numbers = value.type === 'bool' ? this.cast(value, 'float32') : value;
    return this.node('ReduceSum', [numbers, this.vector(...axes)], { keepdims: keep });
  }

  largest(value: Term, axes: readonly number[], keepdims: 0 | 1 = 1): Term {
    return this.node('ReduceMax', [value], { axes, keepdims });
  }

  smallest(value: Term, axes: readonly number[], keepdims: 0 | 1 = 1): Term {
    return this.node('ReduceMin', [value], { axes, keepdims });
  }

  /** Of int64: 0 to before `end`. */
  range(end: Term): Term {
    return this.node('Range', [this.whole(0), end, this.whole(1)], {}, { type: 'int64' });
  }

  unsqueeze(value: Term, ...axes: number[]): Term {
    return this.node('Unsqueeze', [value, this.vector(...axes)], {});
  }

  /** @param extents each a scalar of int64, or a number. */
  shape(...extents: Operand[]): Term {
    if (extents.every((extent) => typeof extent === 'number')) return this.vector(...extents);
    const parts = extents.map((extent) =>
      typeof extent === 'number' ? this.vector(extent) : this.unsqueeze(extent, 0),
    );
    return this.node('Concat', parts, { axis: 0 });
  }

  reshape(value: Term, ...extents: Operand[]): Term {
    return this.node('Reshape', [value, this.shape(...extents)], {});
  }

  /** Elements `from` to before `to` of one dimension. */
  slice(value: Term, axis: number, from: Operand, to: Operand): Term {
    return this.node('Slice', [value, this.shape(from), this.shape(to), this.vector(axis)], {});
  }

  /** @param sides each a scalar of int64, or a number: all before, then all after. */
  pad(value: Term, sides: readonly Operand[], filling: number): Term {
    return this.node('Pad', [value, this.shape(...sides), this.#like(value, filling)], {});
  }

  product(a: Term, b: Term, name?: string): Term {
    return this.node('MatMul', [a, b], {}, this.#named(name));
  }

  turned(value: Term): Term {
    return this.node('Transpose', [value], { perm: [0, 2, 1] });
  }

  #named(name: string | undefined): { name?: string } {
    return name === undefined ? {} : { name: `${this.part}/${name}` };
  }

  #pair(a: Operand, b: Operand): [Term, Term] {
    if (typeof a !== 'number') return [a, typeof b === 'number' ? this.#like(a, b) : b];
    if (typeof b !== 'number') return [this.#like(b, a), b];
    return [this.constant(float32([a])), this.constant(float32([b]))];
  }

  #like({ type }: Term, value: number): Term {
    if (type === 'int64') return this.whole(value);
    const data =
      type === 'float64'
        ? Float64Array.of(value)
        : type === 'uint8'
          ? Uint8Array.of(value)
          : Float32Array.of(value);
    return this.constant({ type, shape: [], data });
  }
}
