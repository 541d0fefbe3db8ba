import { describe, unmet } from './errors.js';
import { CLASS_COUNT } from './image.js';
import { PREPROCESSING_VERSION } from './preprocessing-version.js';
import { REJECTION_SCORES, type RejectionScore } from './rejection.js';
import type { Machine } from './run.js';
import { COUNT, NUMBER, objectOf, orAbsent, orNull, requireShape, SHA256, SHARE, tableOf } from './shape.js';

/** The file that describes a bundle; beside it stand `model.onnx` and `README.md`. */
export const MANIFEST_FILE = 'manifest.json';
export const MODEL_FILE = 'model.onnx';
export const MODEL_CARD_FILE = 'README.md';

/** How exactly a graph computes: float32, half precision with float32 at its edges, or integers of eight bits. */
export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** The graphs that a bundle may have; the first always. */
export const PRECISION_FILES: { readonly [P in Precision]: string } = {
  fp32: MODEL_FILE,
  fp16: 'model.fp16.onnx',
  int8: 'model.int8.onnx',
};

/** Version of the manifest's own layout. */
export const MANIFEST_FORMAT = 2;

export interface FileRecord {
  bytes: number;
  /** Lower-case hexadecimal. */
  sha256: string;
}

export interface Manifest {
  format: typeof MANIFEST_FORMAT;
  name: string;
  version: string;
  /** The text of each class, in the order of the outputs: '0' ... '9'. */
  labels: string[];
  input: {
    name: 'input';
    type: 'float32';
    /** Ink 1.0 on 0.0, `[batch, 1, 28, 28]`. */
    shape: ['batch', 1, 28, 28];
    range: [0, 1];
    /** The version of `core/preprocess.ts` that the model was made for. */
    preprocessing: number;
  };
  outputs: { name: 'logits' | 'probabilities'; type: 'float32'; shape: ['batch', 10] }[];
  calibration: Calibration;
  metrics: {
    testImages: number;
    testAccuracy: number;
    testLoss: number;
    /** Trainable and non-trainable weights of the Layers model. */
    parameters: number;
  };
  parity: Parity;
  /** The run's `recipe.json`, whole. */
  recipe: Record<string, unknown>;
  onnx: { opset: number; irVersion: number; nodes: number };
  /** The same network in other precisions; their files are those of `PRECISION_FILES`. Left out where there are none. */
  variants?: Variants;
  files: Record<string, FileRecord>;
}

export interface Calibration {
  /** Divides the logits before the softmax that gives the reported confidence; 1 leaves them as they are. */
  temperature: number;
  /** A picture whose score is below the threshold is answered with `accepted: false`; a confidence of 0 accepts all. */
  rejection: { score: RejectionScore; threshold: number };
  /** What both were fitted on and what they do on the test set; null where they were not fitted. */
  fit: CalibrationFit | null;
}

export type VariantPrecision = Exclude<Precision, 'fp32'>;

export interface Variants {
  fp16?: Variant;
  int8?: Variant & { quantization: Quantization };
}

/** A graph beside `model.onnx`, and how it compares with that one. */
export interface Variant {
  /** Fitted to what this graph gives. */
  calibration: Calibration;
  /** On the test images of the manifest's own metrics. */
  metrics: {
    testAccuracy: number;
    testLoss: number;
    /** Share of them to which `model.onnx` gives the same digit, 0 to 1. */
    top1Agreement: number;
  };
  onnx: { nodes: number };
  /** On onnxruntime-node's cpu provider, one thread, in turns with `model.onnx`. */
  speed: { machine: Machine; batches: BatchSpeed[] };
}

/** Medians of several rounds. */
export interface BatchSpeed {
  /** Images a run. */
  batch: number;
  /** Of one run. */
  milliseconds: number;
  fp32Milliseconds: number;
}

/** How an int8 graph came about. */
export interface Quantization {
  /** How the ranges of values were found. */
  ranges: string;
  /** Layers that compute in float32. */
  floatLayers: string[];
  /** Training images that the ranges are of, and other images that everything was chosen on. */
  calibrationImages: number;
  choiceImages: number;
  /** Mean Kullback-Leibler divergence of its probabilities from those of `model.onnx` on the latter, nats. */
  divergence: number;
  /** The same by each way to find the ranges, with all layers in int8. */
  divergences: Record<string, number>;
}

export interface CalibrationFit {
  /** Images that were set aside from training. */
  validationImages: number;
  /** Expected calibration error on the test set, 15 bins, 0 to 1: at temperature 1 and at the fitted one. */
  testCalibrationError: { before: number; after: number };
  /** Share of the test images that are refused, 0 to 1. */
  testRefusedShare: number;
}

/** How close the ONNX graph is to the Layers model that it was made from. */
export interface Parity {
  /** Test images compared with TensorFlow.js's cpu backend. */
  images: number;
  /** The largest absolute difference between two probabilities. */
  maxAbsDiff: number;
  /** Share of test images whose top-1 equals the run's own recorded prediction, 0 to 1. */
  top1Agreement: number;
  top1Images: number;
}

/** The part of a manifest that is the same for every bundle: what goes into the graph and what comes out. */
export function graphContract(): Pick<Manifest, 'format' | 'labels' | 'input' | 'outputs'> {
  return {
    format: MANIFEST_FORMAT,
    labels: Array.from({ length: CLASS_COUNT }, (_, digit) => String(digit)),
    input: {
      name: 'input',
      type: 'float32',
      shape: ['batch', 1, 28, 28],
      range: [0, 1],
      preprocessing: PREPROCESSING_VERSION,
    },
    outputs: [
      { name: 'logits', type: 'float32', shape: ['batch', 10] },
      { name: 'probabilities', type: 'float32', shape: ['batch', 10] },
    ],
  };
}

type Check = (value: unknown) => boolean;

const isNumberBetween =
  (low: number, high: number): Check =>
  (value) =>
    typeof value === 'number' && value >= low && value <= high;
const isText: Check = (value) => typeof value === 'string' && value.length > 0;
const isExactly =
  (expected: unknown): Check =>
  (value) =>
    JSON.stringify(value) === JSON.stringify(expected);
const isRecord: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const areTimings: Check = (value) =>
  Array.isArray(value) &&
  value.every(
    (timing: Partial<BatchSpeed> | null) =>
      Number(timing?.milliseconds) > 0 && Number(timing?.fp32Milliseconds) > 0,
  );

const CONTRACT = graphContract();

interface Rule {
  path: string;
  expected: string;
  check: Check;
  /** Where the rule belongs to something that may be left out: the path of that. */
  of?: string;
  /** A number that differs is another version's, rather than damage. */
  isVersion?: true;
}

/** @param prefix where the calibration is, ending in a dot. */
const calibrationRules = (prefix = '', of = ''): Rule[] => [
  {
    path: `${prefix}calibration.temperature`,
    expected: 'a number from 0.01 to 100',
    check: isNumberBetween(0.01, 100),
    of,
  },
  {
    path: `${prefix}calibration.rejection.score`,
    expected: `one of ${Object.keys(REJECTION_SCORES).join(', ')}`,
    check: (v) => typeof v === 'string' && Object.hasOwn(REJECTION_SCORES, v),
    of,
  },
  { path: `${prefix}calibration.rejection.threshold`, expected: 'a number', check: Number.isFinite, of },
];

const fileRule = (file: string, of = ''): Rule => ({
  path: `files.${file}`,
  expected: 'an entry {bytes, sha256}',
  check: (v) =>
    isRecord(v) &&
    /^[0-9a-f]{64}$/.test(String((v as FileRecord).sha256)) &&
    isNumberBetween(0, Number.MAX_SAFE_INTEGER)((v as FileRecord).bytes),
  of,
});

const variantRules = (precision: VariantPrecision): Rule[] => {
  const of = `variants.${precision}`;
  const share = { expected: 'a number from 0 to 1', check: isNumberBetween(0, 1), of };
  return [
    { path: of, expected: 'an object', check: isRecord, of },
    ...calibrationRules(`${of}.`, of),
    { path: `${of}.metrics.testAccuracy`, ...share },
    { path: `${of}.metrics.top1Agreement`, ...share },
    { path: `${of}.onnx.nodes`, expected: 'a number', check: Number.isFinite, of },
    { path: `${of}.speed.batches`, expected: 'a list of timings', check: areTimings, of },
    fileRule(PRECISION_FILES[precision], of),
  ];
};

/** Every leaf that a loader relies on: its path, what it must be, and how to say so. */
const RULES: Rule[] = [
  { path: 'format', expected: String(MANIFEST_FORMAT), check: isExactly(MANIFEST_FORMAT), isVersion: true },
  { path: 'name', expected: 'a name', check: isText },
  { path: 'version', expected: 'a version', check: isText },
  {
    path: 'labels',
    expected: 'ten labels',
    check: (v) => Array.isArray(v) && v.length === 10 && v.every(isText),
  },
  { path: 'input.name', expected: '"input"', check: isExactly('input') },
  { path: 'input.type', expected: '"float32"', check: isExactly('float32') },
  { path: 'input.shape', expected: '["batch",1,28,28]', check: isExactly(['batch', 1, 28, 28]) },
  { path: 'input.range', expected: '[0,1]', check: isExactly([0, 1]) },
  {
    path: 'input.preprocessing',
    expected: `version ${PREPROCESSING_VERSION}`,
    check: isExactly(PREPROCESSING_VERSION),
    isVersion: true,
  },
  {
    path: 'outputs',
    expected: 'the outputs "logits" and "probabilities", float32 ["batch",10]',
    check: isExactly(CONTRACT.outputs),
  },
  ...calibrationRules(),
  { path: 'metrics.testAccuracy', expected: 'a number from 0 to 1', check: isNumberBetween(0, 1) },
  { path: 'parity.maxAbsDiff', expected: 'a number from 0 to 1', check: isNumberBetween(0, 1) },
  { path: 'parity.top1Agreement', expected: 'a number from 0 to 1', check: isNumberBetween(0, 1) },
  { path: 'recipe', expected: 'an object', check: isRecord },
  { path: 'files', expected: 'an object with an entry for each file', check: isRecord },
  fileRule(MODEL_FILE),
  { path: 'variants', expected: 'an object', check: isRecord, of: 'variants' },
  ...variantRules('fp16'),
  ...variantRules('int8'),
];

const CALIBRATION = objectOf<Pick<Calibration, 'fit'>>({
  fit: orNull(
    objectOf<CalibrationFit>({
      validationImages: COUNT,
      testCalibrationError: objectOf<CalibrationFit['testCalibrationError']>({ before: SHARE, after: SHARE }),
      testRefusedShare: SHARE,
    }),
  ),
});

const VARIANT = orAbsent(
  objectOf<Pick<Variant, 'calibration' | 'metrics'>>({
    calibration: CALIBRATION,
    metrics: objectOf<Variant['metrics']>({ testAccuracy: SHARE, testLoss: NUMBER, top1Agreement: SHARE }),
  }),
);

/** What verification and model cards rely on beside what loaders do. */
const MEASURED = objectOf<Pick<Manifest, 'calibration' | 'metrics' | 'variants' | 'files'>>({
  calibration: CALIBRATION,
  metrics: objectOf<Manifest['metrics']>({
    testImages: COUNT,
    testAccuracy: SHARE,
    testLoss: NUMBER,
    parameters: COUNT,
  }),
  variants: orAbsent(objectOf<Variants>({ fp16: VARIANT, int8: VARIANT })),
  files: tableOf(objectOf<FileRecord>({ bytes: COUNT, sha256: SHA256 })),
});

const ADVICE = 'Export the bundle again with this version of tenfold.';

function valueAt(root: unknown, path: string): unknown {
  const steps = path.startsWith('files.') ? ['files', path.slice('files.'.length)] : path.split('.');
  return steps.reduce<unknown>(
    (value, step) => (isRecord(value) ? (value as Record<string, unknown>)[step] : undefined),
    root,
  );
}

/**
 * Checks what `JSON.parse` gave for a `manifest.json`.
 * @throws TenfoldError `corrupt`, or `incompatible` where it is a version, naming the first member that is not what a loader, a verification or a
 * model card relies on.
 */
export function checkManifest(value: unknown, source: string): Manifest {
  for (const { path, expected, check, of, isVersion } of RULES) {
    if (of && valueAt(value, of) === undefined) continue;
    const got = valueAt(value, path);
    if (!check(got)) {
      throw unmet({
        // No number at all is no version: the file is something else.
        code: isVersion && typeof got === 'number' ? 'incompatible' : 'corrupt',
        what: `${path} in ${source}`,
        expected,
        got: describe(typeof got === 'object' && got !== null ? JSON.stringify(got) : got),
        advice: ADVICE,
      });
    }
  }
  requireShape(MEASURED, value, source, ADVICE);
  return value as Manifest;
}
