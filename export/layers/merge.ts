import { int64 } from '../../onnx/tensor.js';
import { asLayers, storedAxis, storedShape } from '../arrangement.js';
import type { Draft, NodeParts } from '../draft.js';
import type { Value } from '../intermediate.js';
import { type Converter, inputOf, type LayerCall, requireNoBatchAxis, unsupported } from './layer-call.js';

type MergeClass = 'Add' | 'Average' | 'Maximum' | 'Minimum' | 'Multiply';

/** All inputs with as many dimensions, stored in one order: the first's. Those with fewer get theirs in front, behind the batch. */
function together({ inputs, name }: LayerCall<MergeClass | 'Concatenate'>, draft: Draft): readonly Value[] {
  const dimensions = Math.max(...inputs.map(({ shape }) => shape.length));
  if (dimensions === 1) {
    const orders = new Set(inputs.map(({ flattened }) => JSON.stringify(flattened)));
    return orders.size === 1 ? inputs : inputs.map((input) => draft.inLayersOrder(input, `${name}/ordered`));
  }
  const { axes } = inputs.find(({ shape }) => shape.length === dimensions)!;
  return inputs.map((input) => {
    const lifted = input.shape.length === dimensions ? input : raised(input, dimensions, name, draft);
    return draft.arranged(lifted, axes, `${name}/ordered`);
  });
}

function raised(input: Value, dimensions: number, name: string, draft: Draft): Value {
  const ordered = draft.inLayersOrder(input, `${name}/ordered`);
  const missing = new Array<number>(dimensions - input.shape.length).fill(1);
  const arrangement = asLayers([...missing, ...input.shape]);
  const shape = int64([0, ...storedShape(arrangement)]);
  return draft.node('Reshape', [ordered, shape], {}, { name: `${name}/raised`, arrangement });
}

/** Combines the inputs, smaller ones repeated along dimensions of size 1. */
function merged(
  call: LayerCall<MergeClass>,
  draft: Draft,
  combine: (inputs: readonly Value[], parts: Required<NodeParts>) => Value,
): Value {
  const inputs = together(call, draft);
  const { axes, flattened } = inputs[0]!;
  return combine(inputs, { name: call.name, arrangement: { shape: call.outputShape, axes }, flattened });
}

const inOneNode =
  (operator: 'Max' | 'Mean' | 'Min') =>
  (call: LayerCall<MergeClass>, draft: Draft): Value =>
    merged(call, draft, (inputs, parts) => draft.node(operator, inputs, {}, parts));

export const add: Converter<'Add'> = (call, draft) =>
  merged(call, draft, (inputs, parts) => draft.node(inputs.length === 2 ? 'Add' : 'Sum', inputs, {}, parts));

export const average: Converter<'Average'> = inOneNode('Mean');
export const maximum: Converter<'Maximum'> = inOneNode('Max');
export const minimum: Converter<'Minimum'> = inOneNode('Min');

/** ONNX multiplies two at a time. */
export const multiply: Converter<'Multiply'> = (call, draft) =>
  merged(call, draft, (inputs, parts) =>
    inputs.reduce((product, input, index) => {
      const name = index === inputs.length - 1 ? parts.name : `${parts.name}/${index}`;
      return draft.node('Mul', [product, input], {}, { ...parts, name });
    }),
  );

/** Side by side along one axis; flat values in Layers' order, since a reader cannot permute its weights for two maps at once. */
export const concatenate: Converter<'Concatenate'> = (call, draft) => {
  const { shape, axes } = inputOf(call);
  const { axis } = call.config;
  requireNoBatchAxis(call, [axis], shape.length);
  if (axis < -1) {
    throw unsupported(call, 'axis', '-1 or above (TensorFlow.js takes every other for -1)', `${axis}`);
  }
  const inputs =
    shape.length === 1
      ? call.inputs.map((input) => draft.inLayersOrder(input, `${call.name}/ordered`))
      : together(call, draft);
  const arrangement = { shape: call.outputShape, axes };
  const parts = { name: call.name, arrangement };
  return draft.node('Concat', inputs, { axis: storedAxis({ axes }, axis) }, parts);
};
