import { float32, int64 } from '../../onnx/tensor.js';
import { asLayers, positiveAxis } from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { type Converter, requireNoBatchAxis } from './layer-call.js';

/** The smallest square of a length that TensorFlow.js divides by: its `epsilon()`. */
const SMALLEST_SQUARE = 1e-7;

/**
 * Sums of products along one axis of each input. A row is a matrix with one row; of matrices the summed axis goes last in the first and
 * first in the second.
 */
export const dot: Converter<'Dot'> = (call, draft) => {
  const { name, config } = call;
  const [x, y] = call.inputs.map((input, index) => {
    const axis = typeof config.axes === 'number' ? config.axes : config.axes[index]!;
    requireNoBatchAxis(call, [axis], input.shape.length);
    const summed = positiveAxis(axis, input.shape.length) - 1;
    const others = input.shape.flatMap((_, other) => (other === summed ? [] : [other]));
    const ordered = draft.inLayersOrder(input, `${name}/ordered`);
    const part = `${name}/${index === 0 ? 'first' : 'second'}`;
    const arranged = draft.arranged(ordered, index === 0 ? [...others, summed] : [summed, ...others], part);
    return config.normalize ? normalized(arranged, summed, part, draft) : arranged;
  }) as [Value, Value];
  const arrangement = asLayers(call.outputShape);
  if (x.shape.length === 1 && y.shape.length === 1) {
    const products = draft.node('Mul', [x, y], {}, { name: `${name}/products` });
    return draft.node('ReduceSum', [products, int64([1])], { keepdims: 1 }, { name, arrangement });
  }
  const matrix = (value: Value, at: number, part: string): Value => {
    if (value.shape.length === 2) return value;
    const shape = at === 1 ? [1, value.shape[0]!] : [value.shape[0]!, 1];
    return draft.node(
      'Unsqueeze',
      [value, int64([at])],
      {},
      {
        name: `${name}/${part}`,
        arrangement: asLayers(shape),
      },
    );
  };
  const operands = [matrix(x, 1, 'row'), matrix(y, 2, 'column')];
  if (x.shape.length === y.shape.length) return draft.node('MatMul', operands, {}, { name, arrangement });
  const product = draft.node(
    'MatMul',
    operands,
    {},
    {
      name: `${name}/product`,
      arrangement: asLayers(x.shape.length === 1 ? [1, ...call.outputShape] : [...call.outputShape, 1]),
    },
  );
  const added = int64([x.shape.length === 1 ? 1 : 2]);
  return draft.node('Squeeze', [product, added], {}, { name, arrangement });
};

/** Of length 1 along the axis. */
function normalized(value: Value, axis: number, name: string, draft: Draft): Value {
  const stored = value.axes.indexOf(axis) + 1;
  const arrangement = {
    shape: value.shape.map((extent, index) => (index === axis ? 1 : extent)),
    axes: value.axes,
  };
  const length = draft.node(
    'ReduceL2',
    [value],
    { axes: [stored], keepdims: 1 },
    {
      name: `${name}/length`,
      arrangement,
    },
  );
  const smallest = float32([Math.sqrt(SMALLEST_SQUARE)]);
  const divisor = draft.node('Max', [length, smallest], {}, { name: `${name}/divisor` });
  return draft.node('Div', [value, divisor], {}, { name: `${name}/normalized` });
}
