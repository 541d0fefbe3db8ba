import type { backend_util } from '@tensorflow/tfjs-core';
import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';
import { add, prelu, UNARY, unary } from './elementwise.js';

interface Fusion {
  activation?: backend_util.Activation;
  leakyreluAlpha?: number;
}

type Apply = (graph: LazyGraph, x: Value, alpha: number, slope: Value) => Value;

const ACTIVATIONS: { [A in backend_util.Activation]: Apply } = {
  elu: (graph, x) => unary(graph, 'Elu', x, { alpha: 1 }),
  leakyrelu: (graph, x, alpha) => unary(graph, 'LeakyRelu', x, { alpha }),
  linear: (_graph, x) => x,
  prelu: (graph, x, _alpha, slope) => prelu(graph, x, slope),
  relu: (graph, x) => unary(graph, 'Relu', x, {}),
  relu6: (graph, x) => UNARY.Relu6(graph, { x }, {}) as Value,
  sigmoid: (graph, x) => unary(graph, 'Sigmoid', x, {}),
};

/** What a fused kernel does after its product: add the bias, if there is one, and activate. */
export function finish(
  graph: LazyGraph,
  x: Value,
  { bias, preluActivationWeights }: { bias?: Value; preluActivationWeights?: Value },
  { activation = 'linear', leakyreluAlpha }: Fusion,
): Value {
  const biased = bias ? add(graph, x, bias) : x;
  return ACTIVATIONS[activation](graph, biased, leakyreluAlpha ?? 0.2, preluActivationWeights!);
}
