/** A layer's shape without the batch: `[height, width, channels]` or `[features]`. */
export type Shape = readonly number[];
export type Config = Record<string, unknown>;

type ShapeRule = (inputs: readonly Shape[], config: Config) => Shape | null;

const pair = (value: unknown): [number, number] => {
  const [first, second] = Array.isArray(value) ? value : [value, value];
  return [Number(first), Number(second)];
};

/** Places that a window takes along an axis. */
const places = (extent: number, window: number, stride: number, padding: unknown): number =>
  padding === 'same' ? Math.ceil(extent / stride) : Math.ceil((extent - window + 1) / stride);

/** The map after a window of that size went over it; null where the input is no map of channels. */
function slid([input]: readonly Shape[], config: Config, size: unknown, channels?: number): Shape | null {
  const [height, width, depth] = input ?? [];
  if (height === undefined || width === undefined || depth === undefined) return null;
  const [rows, columns] = pair(size);
  const [down, right] = pair(config.strides ?? size);
  const [tall, wide] = pair(config.dilation_rate ?? 1);
  return [
    places(height, (rows - 1) * tall + 1, down, config.padding),
    places(width, (columns - 1) * wide + 1, right, config.padding),
    channels ?? depth,
  ];
}

const same: ShapeRule = ([input]) => input ?? null;
const convolution: ShapeRule = (inputs, config) =>
  slid(inputs, config, config.kernel_size, Number(config.filters));
const pool: ShapeRule = (inputs, config) => slid(inputs, config, config.pool_size);
const globalPool: ShapeRule = ([input]) => (input ? input.slice(-1) : null);
const product = (shape: Shape): number => shape.reduce((total, extent) => total * extent, 1);

/** What each kind of layer makes of the shapes that it is given; TensorFlow.js Layers' rules for channels last. */
const SHAPES: Record<string, ShapeRule> = {
  InputLayer: (_, { batch_input_shape: shape }) => (Array.isArray(shape) ? shape.slice(1) : null),
  Conv2D: convolution,
  SeparableConv2D: convolution,
  DepthwiseConv2D: (inputs, config) =>
    slid(
      inputs,
      config,
      config.kernel_size,
      (inputs[0]?.[2] ?? Number.NaN) * Number(config.depth_multiplier ?? 1),
    ),
  MaxPooling2D: pool,
  AveragePooling2D: pool,
  GlobalMaxPooling2D: globalPool,
  GlobalAveragePooling2D: globalPool,
  Flatten: ([input]) => (input ? [product(input)] : null),
  Reshape: (_, { target_shape: shape }) => (Array.isArray(shape) ? shape : null),
  Dense: ([input], { units }) => (input ? [...input.slice(0, -1), Number(units)] : null),
  Concatenate: (inputs) => {
    const [first] = inputs;
    if (!first) return null;
    return [...first.slice(0, -1), inputs.reduce((total, shape) => total + shape.at(-1)!, 0)];
  },
  ZeroPadding2D: ([input], { padding }) => {
    const [height, width, channels] = input ?? [];
    if (height === undefined || width === undefined || channels === undefined) return null;
    const [rows, columns] = Array.isArray(padding) ? padding : [padding, padding];
    const [[top, bottom], [left, right]] = [pair(rows), pair(columns)];
    return [height + top + bottom, width + left + right, channels];
  },
  Add: same,
  Average: same,
  Maximum: same,
  Multiply: same,
  Subtract: same,
};

/** Layers that change values and no shape. */
const KEEPS_SHAPE =
  /^(Activation|BatchNormalization|LayerNormalization|.*Dropout|.*ReLU|LeakyReLU|ELU|PReLU|Softmax|Rescaling|Gaussian.*|LocalResponseNormalization|.*ResponseNorm.*|Gelu|GELU|Swish|SiLU)$/i;

/**
 * The shape that comes out of a layer.
 * @param kind its class in `model.json`
 * @param inputs shapes of its inputs; null where one is not known
 * @returns null where the kind is not known, or an input is not
 */
export function outputShape(kind: string, inputs: readonly (Shape | null)[], config: Config): Shape | null {
  const known = inputs.filter((shape): shape is Shape => shape !== null);
  if (known.length < inputs.length) return null;
  const rule = Object.hasOwn(SHAPES, kind) ? SHAPES[kind] : KEEPS_SHAPE.test(kind) ? same : undefined;
  const shape = rule?.(known, config) ?? null;
  return shape?.every((extent) => Number.isInteger(extent) && extent > 0) ? shape : null;
}

/** `3×3`; of one number where both are equal. */
const window = (size: unknown): string => pair(size).join('\u00d7');

const strideOf = ({ strides }: Config): string[] => {
  const [down, right] = pair(strides ?? 1);
  if (down === 1 && right === 1) return [];
  return [`stride ${down === right ? down : `${down}\u00d7${right}`}`];
};

const ACTIVATIONS: Record<string, string> = {
  relu: 'ReLU',
  elu: 'ELU',
  gelu: 'GELU',
  swish: 'SiLU',
  silu: 'SiLU',
  softmax: 'softmax',
};

const named = (activation: unknown): string => ACTIVATIONS[String(activation)] ?? String(activation);
const activationOf = ({ activation }: Config): string[] =>
  activation === undefined || activation === null || activation === 'linear' ? [] : [named(activation)];

const slides = (what: string, size: string) => (config: Config) => [
  `${what} ${window(config[size])}`,
  ...(config.filters === undefined ? [] : [`${config.filters} filters`]),
  ...(config.padding === 'same' ? ['same'] : []),
  ...(size === 'pool_size' && window(config.strides) === window(config[size]) ? [] : strideOf(config)),
  ...activationOf(config),
];

const DESCRIPTIONS: Record<string, (config: Config) => string[]> = {
  InputLayer: () => ['Image, ink 1 on 0'],
  Conv2D: slides('Convolution', 'kernel_size'),
  SeparableConv2D: slides('Separable convolution', 'kernel_size'),
  DepthwiseConv2D: slides('Depthwise convolution', 'kernel_size'),
  MaxPooling2D: slides('Max-pool', 'pool_size'),
  AveragePooling2D: slides('Average pool', 'pool_size'),
  GlobalMaxPooling2D: () => ['Global max-pool'],
  GlobalAveragePooling2D: () => ['Global average pool'],
  BatchNormalization: () => ['Batch norm'],
  Activation: ({ activation }) => [named(activation)],
  ReLU: () => ['ReLU'],
  LeakyReLU: ({ alpha }) => ['Leaky ReLU', ...(alpha === undefined ? [] : [`slope ${alpha}`])],
  ELU: () => ['ELU'],
  Softmax: () => ['Softmax'],
  Flatten: () => ['Flatten'],
  Dense: (config) => [`Dense ${config.units}`, ...activationOf(config)],
  Dropout: ({ rate }) => [`Dropout ${rate}`],
  ZeroPadding2D: ({ padding }) => [`Zero padding ${String(padding).replace(/^(\d+)(,\1)*$/, '$1')}`],
  LocalResponseNormalization: () => ['Local response norm'],
  Add: () => ['Add'],
  Concatenate: () => ['Concatenate channels'],
  Rescaling: ({ scale, offset }) => ['Rescale', `\u00d7 ${Number(scale)}`, `+ ${Number(offset)}`],
};

/** A layer in words: `Convolution 3×3, 32 filters, same, ReLU`. */
export function describeLayer(kind: string, config: Config): string {
  const describe = Object.hasOwn(DESCRIPTIONS, kind) ? DESCRIPTIONS[kind] : undefined;
  return describe ? describe(config).join(', ') : kind;
}
