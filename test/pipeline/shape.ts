/** What a JSON value is made of: objects by their members, lists by their first element, all else by its type. */
export type Shape = string | Shape[] | { [member: string]: Shape };

export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object') return typeof value;
  if (value === null) return 'null';
  return Object.fromEntries(Object.entries(value).map(([member, content]) => [member, shapeOf(content)]));
}

const PER_CLASS = [
  { digit: 'number', precision: 'number', recall: 'number', f1: 'number', support: 'number' },
];
const TEST = {
  accuracy: 'number',
  loss: 'number',
  perClass: PER_CLASS,
  calibrationError: 'number',
  confusion: [['number']],
};
const MACHINE = { processor: 'string', logicalCores: 'number', node: 'string', onnxRuntime: 'string' };
/** Of a run that set no images aside to fit it on. */
const CALIBRATION = {
  temperature: 'number',
  rejection: { score: 'string', threshold: 'number' },
  fit: 'null',
};
const PARITY = { images: 'number', maxAbsDiff: 'number', top1Agreement: 'number' };

/** What each command prints under `--json`: the contract of the command line. */
export const RESULTS = {
  train: {
    run: 'string',
    recipe: 'string',
    seed: 'number',
    backend: 'string',
    device: 'string',
    machine: MACHINE,
    parameters: 'number',
    epochs: 'number',
    steps: 'number',
    trainSeconds: 'number',
    stepMillisecondsMedian: 'number',
    test: TEST,
  },
  evaluate: { ...TEST, images: 'number' },
  export: {
    bundle: 'string',
    opset: 'number',
    nodes: 'number',
    bytes: 'number',
    parity: PARITY,
    calibration: CALIBRATION,
  },
  pipeline: { url: 'string', run: 'string', bundle: 'string', test: TEST, parity: PARITY, seconds: 'number' },
  unserved: { url: 'null', run: 'string', bundle: 'string', test: TEST, parity: PARITY, seconds: 'number' },
  serve: { url: 'string' },
} satisfies Record<string, Shape>;
