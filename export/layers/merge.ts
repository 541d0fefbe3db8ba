import { storedAxis } from '../intermediate.js';
import { type Converter, inputOf, unsupported } from './layer-call.js';

export const add: Converter<'Add'> = (call, draft) => {
  const ranks = new Set(call.inputs.map(({ shape }) => shape.length));
  if (ranks.size > 1) {
    const got = call.inputs.map(({ shape }) => `[${shape}]`).join(' and ');
    throw unsupported(call, 'inputs', 'inputs with as many dimensions each', got);
  }
  const orders = new Set(call.inputs.map(({ flattened }) => JSON.stringify(flattened)));
  const inputs =
    orders.size === 1
      ? call.inputs
      : call.inputs.map((input) => draft.inLayersOrder(input, `${call.name}/ordered`));
  const { flattened } = inputs[0]!;
  const options = { name: call.name, shape: call.outputShape, flattened };
  return draft.node(inputs.length === 2 ? 'Add' : 'Sum', inputs, {}, options);
};

/** Side by side along one axis; flat values in Layers' order, since a reader cannot permute its weights for two maps at once. */
export const concatenate: Converter<'Concatenate'> = (call, draft) => {
  const axis = storedAxis(inputOf(call), call.config.axis);
  const inputs = call.inputs.map((input) => draft.inLayersOrder(input, `${call.name}/ordered`));
  return draft.node('Concat', inputs, { axis }, { name: call.name, shape: call.outputShape });
};
