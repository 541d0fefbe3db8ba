import type { LazyGraph } from '../lazy-graph.js';
import { sameChannels, sameShape, storedShape, type Value } from '../value.js';

/** `[channels]` so that it broadcasts over a picture. */
export const perChannel = (graph: LazyGraph, vector: Value): Value =>
  graph.reshape(vector, [1, 1, 1, vector.shape.at(-1)!]);

/**
 * Undoes the last step of a picture that is another plus, or times, a number for each channel: that picture and the
 * numbers `[channels]`; null for them where x is none. A view that made other channels of that picture's is none either.
 */
export function beforePerChannel(
  graph: LazyGraph,
  x: Value,
  operator: 'Add' | 'Mul',
): { picture: Value; numbers: Value | null } {
  const { inner, rename } = graph.beforeView(x);
  const { source, shape, layout } = inner;
  const [picture, numbers] = source.kind === 'node' && source.operator === operator ? source.inputs : [];
  const isPerChannel = (value: Value) => sameShape(value.stored, storedShape([1, 1, 1, shape[3]!], layout));
  if (
    !picture ||
    !numbers ||
    !sameChannels(x, inner) ||
    !sameShape(picture.stored, inner.stored) ||
    !isPerChannel(numbers)
  ) {
    return { picture: x, numbers: null };
  }
  return { picture: rename(picture), numbers: graph.view(numbers, [shape[3]!]) };
}
