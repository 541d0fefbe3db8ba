import { DATA_TYPE, float32 } from '../../onnx/tensor.js';
import { type Converter, inputOf, unsupported } from './layer-call.js';

/** One row of the table for each number, of which TensorFlow.js drops the fraction. */
export const embedding: Converter<'Embedding'> = (call, draft) => {
  if (call.config.maskZero) {
    throw unsupported(call, 'maskZero', 'false: masks are not carried into the graph', 'true');
  }
  const input = draft.inLayersOrder(inputOf(call), `${call.name}/ordered`);
  const { shape, values } = call.weight('embeddings');
  const indices =
    input.type === 'int32'
      ? input
      : draft.node('Cast', [input], { to: DATA_TYPE.int32 }, { name: `${call.name}/indices` });
  const table = float32(Float32Array.from(values), shape);
  const arrangement = { shape: call.outputShape, axes: [...input.axes, input.axes.length] };
  return draft.node('Gather', [table, indices], { axis: 0 }, { name: call.name, arrangement });
};
