import type { Manifest } from '../../core/manifest.js';

/** Triton numbers versions; what is exported anew takes the place of the old one. */
const VERSION = '1';
const LABELS_FILE = 'labels.txt';
/** Rows of one request, as of our own service. */
const MOST_ROWS = 1024;
/** Beyond it a run of the graph gains nothing. */
const PREFERRED_ROWS = 64;
/** How long a request may wait for others to share its run: less than a picture's way over any network. */
const QUEUE_MICROSECONDS = 200;

/**
 * A bundle as a model of a Triton model repository, by path within the model's folder: its `config.pbtxt` with dynamic batching and a
 * warm-up, its labels, and the graph. Source: Triton's `model_config.proto` and "Model Configuration".
 */
export function tritonFiles(manifest: Manifest, model: Uint8Array): Record<string, Uint8Array> {
  return {
    'config.pbtxt': Buffer.from(tritonConfig(manifest)),
    [LABELS_FILE]: Buffer.from(`${manifest.labels.join('\n')}\n`),
    [`${VERSION}/model.onnx`]: model,
  };
}

/** A text that Protobuf's text format reads as it is. */
const quoted = (text: string): string => JSON.stringify(text);

/** Triton's shapes are without the batch. */
const dims = (shape: readonly (string | number)[]): string => `[ ${shape.slice(1).join(', ')} ]`;

function tritonConfig({ name, version, input, outputs, calibration }: Manifest): string {
  const outputText = outputs
    .map(
      (output) => `  {
    name: ${quoted(output.name)}
    data_type: TYPE_FP32
    dims: ${dims(output.shape)}
    label_filename: ${quoted(LABELS_FILE)}
  }`,
    )
    .join(',\n');
  const parameters = {
    'tenfold.version': version,
    'tenfold.temperature': String(calibration.temperature),
    'tenfold.rejection': `${calibration.rejection.score} below ${calibration.rejection.threshold}`,
  };
  const parameterText = Object.entries(parameters)
    .map(([key, value]) => `parameters { key: ${quoted(key)} value { string_value: ${quoted(value)} } }`)
    .join('\n');
  return `name: ${quoted(name)}
platform: "onnxruntime_onnx"
backend: "onnxruntime"
max_batch_size: ${MOST_ROWS}
input [
  {
    name: ${quoted(input.name)}
    data_type: TYPE_FP32
    dims: ${dims(input.shape)}
  }
]
output [
${outputText}
]
dynamic_batching {
  preferred_batch_size: [ ${PREFERRED_ROWS} ]
  max_queue_delay_microseconds: ${QUEUE_MICROSECONDS}
}
model_warmup [
${[1, PREFERRED_ROWS].map((rows) => warmUp(input, rows)).join(',\n')}
]
${parameterText}
`;
}

/** One run before the model counts as ready. */
const warmUp = (input: Manifest['input'], rows: number): string => `  {
    name: "${rows} rows"
    batch_size: ${rows}
    inputs {
      key: ${quoted(input.name)}
      value {
        data_type: TYPE_FP32
        dims: ${dims(input.shape)}
        zero_data: true
      }
    }
  }`;
