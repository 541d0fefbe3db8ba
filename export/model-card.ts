import type { Manifest } from '../core/manifest.js';
import type { RunMetrics } from '../core/run.js';

/** What the card tells beside the manifest. */
export interface CardFacts {
  manifest: Omit<Manifest, 'files'>;
  /** Null where the model came without a run: then there is no table of digits. */
  metrics: RunMetrics | null;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

/** The bundle's README.md: what it is, how good, how to run it anywhere, how it was made, where it ends. */
export function modelCard({ manifest, metrics }: CardFacts): string {
  const { name, version, onnx } = manifest;
  return `${[
    `# ${name}`,
    `A handwritten-digit classifier, version \`${version}\`: one picture of 28 x 28 pixels to the ten digits. ` +
      `An ONNX graph of ${onnx.nodes} nodes (opset ${onnx.opset}, IR version ${onnx.irVersion}) made by tenfold ` +
      'from a TensorFlow.js Layers model; it runs on any ONNX Runtime that knows that opset (1.12 and later).',
    '## Figures',
    figures(manifest),
    ...(metrics ? [perDigit(metrics)] : []),
    '## Input and outputs',
    INTERFACE,
    '## Use',
    'Served, with decoding and preprocessing: `tenfold serve --bundle .` and `POST /predict`. By itself:',
    USE,
    '## Recipe',
    `\`\`\`json\n${JSON.stringify(manifest.recipe, null, 2)}\n\`\`\``,
    '## Limits',
    limits(manifest.calibration),
  ].join('\n\n')}\n`;
}

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
  return ['| | |', '|---|---|', ...rows.map(([what, value]) => `| ${what} | ${value} |`)].join('\n');
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

function perDigit({ test }: RunMetrics): string {
  const rows = test.perClass.map(
    ({ digit, precision, recall, f1, support }) =>
      `| ${digit} | ${percent(precision)} | ${percent(recall)} | ${percent(f1)} | ${support} |`,
  );
  return ['| digit | precision | recall | F1 | images |', '|---|---|---|---|---|', ...rows].join('\n');
}

const INTERFACE = `| | name | type | shape | values |
|---|---|---|---|---|
| input | \`input\` | float32 | [batch, 1, 28, 28] | ink 1.0 on 0.0 |
| output | \`logits\` | float32 | [batch, 10] | any |
| output | \`probabilities\` | float32 | [batch, 10] | 0 to 1, each row sums to 1 |

The digit stands in the middle as in MNIST: it fits 20 x 20 pixels, its centre of mass in the centre of 28 x 28.`;

const USE = `\`\`\`js
import { InferenceSession, Tensor } from 'onnxruntime-node';

const session = await InferenceSession.create('model.onnx');
const pixels = new Float32Array(28 * 28); // ink 1.0 on 0.0, rows from the top
const input = new Tensor('float32', pixels, [1, 1, 28, 28]);
const { probabilities } = await session.run({ input });
const digit = probabilities.data.indexOf(Math.max(...probabilities.data));
\`\`\`

\`\`\`python
import numpy
import onnxruntime

session = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
pixels = numpy.zeros((1, 1, 28, 28), numpy.float32)  # ink 1.0 on 0.0
(probabilities,) = session.run(["probabilities"], {"input": pixels})
digit = int(probabilities[0].argmax())
\`\`\``;

const limits = ({
  fit,
}: Manifest['calibration']) => `- Trained and measured on MNIST: single digits by census employees and students of the United States, scanned
  and normalised. Photographs, other pens and other hands score lower than the figure above.
- By itself the graph takes everything for a digit: letters, scribbles and an empty picture get probabilities as well.
${fit ? CALIBRATED : NOT_CALIBRATED}`;

const CALIBRATED = `  Whoever runs it without tenfold refuses by the score and the threshold of \`manifest.json\` what may be none.
- The graph's probabilities are as the network gives them: divide the logits by the temperature before the softmax.`;

const NOT_CALIBRATED = `  Nothing is refused: there is no threshold.
- The probabilities are as the network gives them; they are not calibrated.`;
