import { type Constant, float32 } from '../../onnx/tensor.js';
import { storedAxis } from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { type Converter, inputOf, type LayerCall, unsupported } from './layer-call.js';

/** Writes one of TensorFlow.js's activation functions; `name` is that of its last node. */
type ActivationRule = (draft: Draft, x: Value, name: string) => Value;

const scalar = (value: number): Constant => float32([value]);
const overLastAxis =
  (operator: 'Softmax' | 'LogSoftmax'): ActivationRule =>
  (draft, x, name) =>
    draft.node(operator, [x], { axis: storedAxis(x, -1) }, { name });

/** `x * factor` where the factor is computed from x. */
const times = (draft: Draft, x: Value, factor: Value, name: string): Value =>
  draft.node('Mul', [x, factor], {}, { name });

export const ACTIVATIONS = {
  elu: (draft, x, name) => draft.node('Elu', [x], { alpha: 1 }, { name }),
  gelu: (draft, x, name) => {
    const scaled = draft.node('Mul', [x, scalar(Math.SQRT1_2)], {}, { name: `${name}/scaled` });
    const erf = draft.node('Erf', [scaled], {}, { name: `${name}/erf` });
    return halved(draft, x, erf, name);
  },
  gelu_new: (draft, x, name) => {
    const square = draft.node('Mul', [x, x], {}, { name: `${name}/square` });
    const cube = draft.node('Mul', [square, x], {}, { name: `${name}/cube` });
    const small = draft.node('Mul', [cube, scalar(0.044715)], {}, { name: `${name}/small` });
    const sum = draft.node('Add', [x, small], {}, { name: `${name}/sum` });
    const scaled = draft.node('Mul', [sum, scalar(Math.sqrt(2 / Math.PI))], {}, { name: `${name}/scaled` });
    const tanh = draft.node('Tanh', [scaled], {}, { name: `${name}/tanh` });
    return halved(draft, x, tanh, name);
  },
  hardSigmoid: (draft, x, name) => draft.node('HardSigmoid', [x], { alpha: 0.2, beta: 0.5 }, { name }),
  linear: (_draft, x) => x,
  logSoftmax: overLastAxis('LogSoftmax'),
  mish: (draft, x, name) => {
    const softplus = draft.node('Softplus', [x], {}, { name: `${name}/softplus` });
    return times(draft, x, draft.node('Tanh', [softplus], {}, { name: `${name}/tanh` }), name);
  },
  relu: (draft, x, name) => draft.node('Relu', [x], {}, { name }),
  relu6: (draft, x, name) => draft.node('Clip', [x, scalar(0), scalar(6)], {}, { name }),
  selu: (draft, x, name) => draft.node('Selu', [x], {}, { name }),
  sigmoid: (draft, x, name) => draft.node('Sigmoid', [x], {}, { name }),
  softmax: overLastAxis('Softmax'),
  softplus: (draft, x, name) => draft.node('Softplus', [x], {}, { name }),
  softsign: (draft, x, name) => draft.node('Softsign', [x], {}, { name }),
  swish: (draft, x, name) =>
    times(draft, x, draft.node('Sigmoid', [x], {}, { name: `${name}/sigmoid` }), name),
  tanh: (draft, x, name) => draft.node('Tanh', [x], {}, { name }),
} satisfies Record<string, ActivationRule>;

/** The activations that TensorFlow.js Layers builds in, by the names that `getConfig` gives them. */
export type ActivationName = keyof typeof ACTIVATIONS;

/** `x * (factor + 1) / 2` */
function halved(draft: Draft, x: Value, factor: Value, name: string): Value {
  const raised = draft.node('Add', [factor, scalar(1)], {}, { name: `${name}/raised` });
  const half = draft.node('Mul', [raised, scalar(0.5)], {}, { name: `${name}/half` });
  return times(draft, x, half, name);
}

type Activated =
  | 'Activation'
  | 'Conv1D'
  | 'Conv2D'
  | 'Conv2DTranspose'
  | 'Dense'
  | 'DepthwiseConv2D'
  | 'SeparableConv2D';

/** @throws TenfoldError `bad-input` where the model brings an activation of its own. */
function ruleOf(call: LayerCall<Activated>): ActivationRule {
  const { activation } = call.config;
  if (Object.hasOwn(ACTIVATIONS, activation)) return ACTIVATIONS[activation];
  const known = Object.keys(ACTIVATIONS).join(', ');
  throw unsupported(call, 'activation', `one of ${known}`, activation);
}

/** The activation that ends a layer with weights: a node of its own, named after both. */
export function activate(call: LayerCall<Exclude<Activated, 'Activation'>>, draft: Draft, x: Value): Value {
  return ruleOf(call)(draft, x, `${call.name}/${call.config.activation}`);
}

export const activation: Converter<'Activation'> = (call, draft) =>
  ruleOf(call)(draft, inputOf(call), call.name);
