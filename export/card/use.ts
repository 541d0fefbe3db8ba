/** How a bundle's graph is called, by whatever runs ONNX. */
export const INTERFACE = `| | name | type | shape | values |
|---|---|---|---|---|
| input | \`input\` | float32 | [batch, 1, 28, 28] | ink 1.0 on 0.0 |
| output | \`logits\` | float32 | [batch, 10] | any |
| output | \`probabilities\` | float32 | [batch, 10] | 0 to 1, each row sums to 1 |

The digit stands in the middle as in MNIST: it fits 20 x 20 pixels, its centre of mass in the centre of 28 x 28.`;

export const SERVED =
  'Served, with decoding and preprocessing: `tenfold serve --bundle .` and `POST /predict`. By itself:';

export const USE = `\`\`\`js
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
