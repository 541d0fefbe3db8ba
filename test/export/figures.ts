import { FIGURES_FORMAT, type Figures, type SuiteFigures } from '../../core/figures.js';
import { graphContract, type Manifest } from '../../core/manifest.js';

export const suite = (name: string, changes: Partial<SuiteFigures> = {}): SuiteFigures => ({
  name,
  title: `Title of ${name}`,
  summary: `what ${name} is`,
  images: 1000,
  accuracy: 0.975,
  refused: 0.0125,
  target: 0.9,
  auroc: null,
  separation: null,
  met: true,
  ...changes,
});

const group = (title: string, ...suites: SuiteFigures[]): Figures['suites']['robust'][number] => ({
  title,
  mean: suites.reduce((sum, { accuracy }) => sum + accuracy, 0) / suites.length,
  meanTarget: null,
  met: true,
  published: [],
  suites,
});

const machine = { processor: 'Some | Processor', logicalCores: 2, node: '20.1.2', onnxRuntime: '1.30.0' };

/** Figures that no model reached, each another number, so that a wrong one in a card shows. */
export const someFigures = (changes: Partial<Figures> = {}): Figures => ({
  format: FIGURES_FORMAT,
  model: 'a'.repeat(64),
  machine,
  imagesOfSuite: null,
  test: {
    images: 10_000,
    accuracy: 0.9969,
    wrong: 31,
    loss: { before: 0.04711, after: 0.01234 },
    calibrationError: { before: 0.0339, after: 0.0013 },
    refused: 27,
    refusedWrong: 9,
    perClass: [{ digit: 0, precision: 0.9911, recall: 0.9922, f1: 0.9933, support: 980 }],
    confusion: [
      [978, 2],
      [0, 1135],
    ],
  },
  suites: {
    robust: [
      {
        ...group('MNIST-C', suite('fog', { accuracy: 0.8123, target: 0.85, images: 10_000 }), suite('shear')),
        meanTarget: 0.96,
        published: [{ name: 'a plain CNN', mean: 0.759 }],
      },
      group('What users send', suite('thin_pen', { accuracy: 0.9911 })),
    ],
    outliers: [group('No digit', suite('letters', { auroc: 0.9712, separation: 0.98 }))],
    numbers: [group('Whole numbers', suite('gap2', { accuracy: 0.9876 }))],
  },
  run: {
    recipe: 'flagship',
    summary: 'A recipe',
    seed: 3,
    changes: ['epochs 12 instead of 60'],
    epochs: 12,
    steps: 5160,
    parameters: 471_898,
    trainSeconds: 25_500,
    backend: 'onnxruntime',
    device: 'cpu',
    threads: 2,
    machine,
    validationImages: 5000,
    train: { accuracy: 0.9981, loss: 0.011 },
    validation: { accuracy: 0.9955, loss: 0.022 },
    augmentation: { rotateDegrees: 20 },
    outlierShare: 0.25,
    testedOnce: true,
    teachers: [{ name: 'teacher-seed1', sha256: 'b'.repeat(64), accuracy: 0.9981 }],
  },
  seeds: {
    runs: [3, 4].map((seed) => ({
      seed,
      test: { accuracy: 0.9965 + seed / 10_000, loss: 0.012 },
      validation: { accuracy: 0.9955, loss: 0.022 },
      trainSeconds: 25_500,
    })),
    mean: 0.99685,
    deviation: 0.00007,
  },
  commands: ['node bin/tenfold.js train --recipe flagship --seed 3'],
  pictures: { 'wrong-digits': { shown: 31, of: 31 }, corruptions: { shown: 24, of: 1902 } },
  ...changes,
});

export const someManifest: Manifest = {
  ...graphContract(),
  name: 'flagship',
  version: '0123456789ab',
  calibration: {
    temperature: 0.618,
    rejection: { score: 'max-logit', threshold: 2.7352 },
    fit: {
      validationImages: 5000,
      testCalibrationError: { before: 0.0339, after: 0.0013 },
      testRefusedShare: 0.0027,
    },
  },
  metrics: { testImages: 10_000, testAccuracy: 0.9969, testLoss: 0.04711, parameters: 471_898 },
  parity: { images: 256, maxAbsDiff: 2e-7, top1Agreement: 1, top1Images: 10_000 },
  recipe: { name: 'flagship', seed: 3 },
  onnx: { opset: 17, irVersion: 8, nodes: 26 },
  files: { 'model.onnx': { bytes: 1_702_388, sha256: 'a'.repeat(64) } },
};

/** The manifest of a bundle with fp16 and int8, of calibrations and figures of their own. */
export function someVariants(): Manifest {
  const { calibration, files, metrics } = someManifest;
  const batches = [1, 64].map((batch) => ({ batch, milliseconds: batch, fp32Milliseconds: 2.5 * batch }));
  const variant = (testAccuracy: number, temperature: number) => ({
    calibration: { ...calibration, temperature },
    metrics: { testAccuracy, testLoss: 0.05, top1Agreement: 0.9994 },
    onnx: { nodes: 77 },
    speed: { machine, batches },
  });
  const quantization = {
    ranges: 'entropy',
    floatLayers: ['conv2d_1'],
    calibrationImages: 531,
    choiceImages: 3188,
    divergence: 1.2e-4,
    divergences: { 'min-max': 3e-4, entropy: 2e-4 },
  };
  return {
    ...someManifest,
    variants: {
      fp16: variant(metrics.testAccuracy, 0.619),
      int8: { ...variant(0.9967, 0.623), quantization },
    },
    files: {
      ...files,
      'model.fp16.onnx': { bytes: 860_000, sha256: 'c'.repeat(64) },
      'model.int8.onnx': { bytes: 455_000, sha256: 'd'.repeat(64) },
    },
  };
}
