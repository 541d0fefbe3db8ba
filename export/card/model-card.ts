import type { Manifest } from '../../core/manifest.js';
import type { ClassMetrics, RunMetrics } from '../../core/run.js';
import { numbers, percent, table, words } from './markdown.js';
import { INTERFACE, SERVED, USE } from './use.js';

/** What the card tells beside the manifest. */
export interface CardFacts {
  manifest: Omit<Manifest, 'files'>;
  /** Null where the model came without a run: then there is no table of digits. */
  metrics: RunMetrics | null;
}

/** The bundle's README.md: what it is, how good, how to run it anywhere, how it was made, where it ends. */
export function modelCard({ manifest, metrics }: CardFacts): string {
  return `${[
    `# ${manifest.name}`,
    about(manifest),
    '## Figures',
    figures(manifest),
    ...(metrics ? [perDigit(metrics.test.perClass)] : []),
    '## Input and outputs',
    INTERFACE,
    '## Use',
    SERVED,
    USE,
    '## Recipe',
    `\`\`\`json\n${JSON.stringify(manifest.recipe, null, 2)}\n\`\`\``,
    '## Limits',
    limits(manifest.calibration),
  ].join('\n\n')}\n`;
}

/** What the graph is. */
export const about = ({ version, onnx }: CardFacts['manifest']): string =>
  `A handwritten-digit classifier, version \`${version}\`: one picture of 28 x 28 pixels to the ten digits. ` +
  `An ONNX graph of ${onnx.nodes} nodes (opset ${onnx.opset}, IR version ${onnx.irVersion}) made by tenfold ` +
  'from a TensorFlow.js Layers model; it runs on any ONNX Runtime that knows that opset (1.12 and later).';

function figures({ metrics, parity, calibration }: CardFacts['manifest']): string {
  const rows = [
    ['Accuracy', `${percent(metrics.testAccuracy)} of ${metrics.testImages} test images`],
    ['Cross-entropy', `${metrics.testLoss.toFixed(5)} nats`],
    ['Parameters', String(metrics.parameters)],
    [
      'Largest difference from TensorFlow.js',
      `${parity.maxAbsDiff.toExponential(1)} in any probability, over ${parity.images} test images`,
    ],
    ['Same digit as recorded', `${percent(parity.top1Agreement)} of ${parity.top1Images} test images`],
    ...calibrationRows(calibration),
  ];
  return table(words('', ''), rows);
}

function calibrationRows({ temperature, rejection, fit }: Manifest['calibration']): string[][] {
  const { score, threshold } = rejection;
  if (!fit) return [['Calibration', 'none: the run had set no images aside']];
  const { before, after } = fit.testCalibrationError;
  return [
    [
      'Temperature',
      `${temperature.toFixed(4)}, fitted on ${fit.validationImages} images that were not trained on`,
    ],
    [
      'Calibration error',
      `${percent(after)} on the test images, ${percent(before)} at temperature 1 (15 bins)`,
    ],
    [
      'Refused',
      `${percent(fit.testRefusedShare)} of the test images: ${score} below ${threshold.toFixed(4)}`,
    ],
  ];
}

/** Precision, recall and F1 of each digit. */
export function perDigit(perClass: readonly ClassMetrics[]): string {
  const rows = perClass.map(({ digit, precision, recall, f1, support }) => [
    ...[String(digit), percent(precision), percent(recall), percent(f1), String(support)],
  ]);
  return table(numbers('digit', 'precision', 'recall', 'F1', 'images'), rows);
}

const limits = ({
  fit,
}: Manifest['calibration']) => `- Trained and measured on MNIST: single digits by census employees and students of the United States, scanned
  and normalised. Photographs, other pens and other hands score lower than the figure above.
${graphLimits(fit !== null)}`;

/** What whoever runs the graph without tenfold must know. */
export const graphLimits = (isCalibrated: boolean): string =>
  `- By itself the graph takes everything for a digit: letters, scribbles and an empty picture get probabilities as well.
${isCalibrated ? CALIBRATED : NOT_CALIBRATED}`;

const CALIBRATED = `  Whoever runs it without tenfold refuses by the score and the threshold of \`manifest.json\` what may be none.
- The graph's probabilities are as the network gives them: divide the logits by the temperature before the softmax.`;

const NOT_CALIBRATED = `  Nothing but blank pictures is refused: there is no threshold.
- The probabilities are as the network gives them; they are not calibrated.`;
