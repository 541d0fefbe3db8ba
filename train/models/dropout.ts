import { div, greaterEqual, type Tensor, tidy, where, zerosLike } from '@tensorflow/tfjs-core';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

type Kwargs = { training?: boolean };

const Base = layers.dropout({ rate: 0.5 }).constructor as new (args: {
  rate: number;
  name?: string;
}) => ReturnType<typeof layers.dropout>;

/**
 * Dropout whose random numbers come from outside, as a tensor set before each step: so a seed decides them, a resumed run
 * repeats them, and a recorded step takes them as an input. It is stored as TensorFlow.js's own Dropout, and without
 * training it is the identity, as that is.
 */
export class SeededDropout extends Base {
  /** Uniform in [0, 1), of the shape of the layer's input. */
  noise: Tensor | null = null;

  constructor(
    readonly share: number,
    name?: string,
  ) {
    super({ rate: share, ...(name && { name }) });
  }

  override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor | Tensor[] {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const { noise } = this;
    if (!kwargs.training || !noise) return x;
    return tidy(() => where(greaterEqual(noise, this.share), div(x, 1 - this.share), zerosLike(x)));
  }
}

/** Applies dropout of `share` of the values; none where it is 0. */
export const applyDropout = (x: SymbolicTensor, share: number, name?: string): SymbolicTensor =>
  share > 0 ? (new SeededDropout(share, name).apply(x) as SymbolicTensor) : x;
