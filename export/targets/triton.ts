import type { Manifest } from '../../core/manifest.js';
import { PICTURE, READABLE } from '../preprocess/index.js';

/** Triton numbers versions; what is exported anew takes the place of the old one. */
const VERSION = '1';
/** The bundle's version; every configuration of ours has it. */
const VERSION_PARAMETER = 'tenfold.version';
/** What describes a model in its folder. */
export const CONFIG_FILE = 'config.pbtxt';
const LABELS_FILE = 'labels.txt';
/** Rows of one request, as of our own service. */
const MOST_ROWS = 1024;
/** Beyond it a run of the graph gains nothing. */
const PREFERRED_ROWS = 64;
/** Of pictures, whose planes take some tens of megabytes each while they are prepared. */
const MOST_PICTURES = 16;
/** How long a request may wait for others to share its run: less than a picture's way over any network. */
const QUEUE_MICROSECONDS = 200;

/**
 * A bundle as a model of a Triton model repository, by path within the model's folder: its `config.pbtxt` with dynamic batching and a
 * warm-up, its labels, and the graph. Source: Triton's `model_config.proto` and "Model Configuration".
 * @param takesPictures whether the graph has its preprocessing in it.
 */
export function tritonFiles(
  manifest: Manifest,
  model: Uint8Array,
  takesPictures: boolean,
): Record<string, Uint8Array> {
  return {
    [CONFIG_FILE]: Buffer.from(tritonConfig(manifest, takesPictures)),
    [LABELS_FILE]: Buffer.from(`${manifest.labels.join('\n')}\n`),
    [`${VERSION}/model.onnx`]: model,
  };
}

/** Whether {@link tritonFiles} made this `config.pbtxt`. */
export const isOurConfig = (config: string): boolean => config.includes(quoted(VERSION_PARAMETER));

/** A text that Protobuf's text format reads as it is. */
const quoted = (text: string): string => JSON.stringify(text);

const TYPES = { float32: 'TYPE_FP32', uint8: 'TYPE_UINT8', bool: 'TYPE_BOOL' } as const;

/** What the graph takes or gives. */
interface Edge {
  name: string;
  type: keyof typeof TYPES;
  shape: readonly (string | number)[];
}

/** Triton's shapes are without the batch, and -1 where they are open. */
const dims = (shape: readonly (string | number)[]): string =>
  `[ ${shape
    .slice(1)
    .map((extent) => (typeof extent === 'number' ? extent : -1))
    .join(', ')} ]`;

const edgeText = ({ name, type, shape }: Edge, more = ''): string => `  {
    name: ${quoted(name)}
    data_type: ${TYPES[type]}
    dims: ${dims(shape)}
${more}  }`;

function tritonConfig(
  { name, version, input: pixels, outputs, calibration }: Manifest,
  takesPictures: boolean,
): string {
  const input: Edge = takesPictures ? PICTURE : pixels;
  const rows = takesPictures ? [1, MOST_PICTURES] : [1, PREFERRED_ROWS];
  const outputText = outputs
    .map((output) => edgeText(output, `    label_filename: ${quoted(LABELS_FILE)}\n`))
    .concat(takesPictures ? edgeText(READABLE) : [])
    .join(',\n');
  const parameters = {
    [VERSION_PARAMETER]: version,
    'tenfold.temperature': String(calibration.temperature),
    'tenfold.rejection': `${calibration.rejection.score} below ${calibration.rejection.threshold}`,
  };
  const parameterText = Object.entries(parameters)
    .map(([key, value]) => `parameters { key: ${quoted(key)} value { string_value: ${quoted(value)} } }`)
    .join('\n');
  return `name: ${quoted(name)}
platform: "onnxruntime_onnx"
backend: "onnxruntime"
max_batch_size: ${takesPictures ? MOST_PICTURES : MOST_ROWS}
input [
${edgeText(input)}
]
output [
${outputText}
]
dynamic_batching {
  preferred_batch_size: [ ${rows.at(-1)} ]
  max_queue_delay_microseconds: ${QUEUE_MICROSECONDS}
}
model_warmup [
${rows.map((count) => warmUp(input, count)).join(',\n')}
]
${parameterText}
`;
}

/** One run before the model counts as ready; what is open is as large as an MNIST image. */
const warmUp = ({ name, type, shape }: Edge, rows: number): string => `  {
    name: "${rows} rows"
    batch_size: ${rows}
    inputs {
      key: ${quoted(name)}
      value {
        data_type: ${TYPES[type]}
        dims: ${dims(shape.map((extent) => (typeof extent === 'number' ? extent : WARM_UP[extent]!)))}
        zero_data: true
      }
    }
  }`;

const WARM_UP: Readonly<Record<string, number>> = { batch: 1, height: 28, width: 28, channels: 1 };
