import { CLASS_COUNT } from '../../core/image.js';
import { type Manifest, MODEL_FILE } from '../../core/manifest.js';
import type { Limits } from '../limits.js';
import type { ModelStatus } from '../models/models.js';
import { SERVICE_VERSION } from '../version.js';
import { INPUT, OUTPUTS } from './contract.js';
import type { ModelConfig, ModelMetadata } from './schemas.js';

/** What clients tell the format of a bundle by. */
const PLATFORM = 'onnxruntime_onnx';
const BACKEND = 'onnxruntime';

export const SERVER_METADATA = {
  name: 'tenfold',
  version: SERVICE_VERSION,
  extensions: [
    'binary_tensor_data',
    'classification',
    'model_configuration',
    'model_repository',
    'statistics',
  ],
};

export const modelMetadata = ({ name }: Manifest, statuses: readonly ModelStatus[]): ModelMetadata => ({
  name,
  versions: statuses
    .filter((status) => status.name === name && status.state === 'ready')
    .map(({ version }) => version),
  platform: PLATFORM,
  inputs: [INPUT],
  outputs: [...OUTPUTS],
});

/** Triton's ModelConfig: shapes are without the batch there. */
export const modelConfig = (
  { name }: Manifest,
  { tensorRows, batchImages }: Pick<Limits, 'tensorRows' | 'batchImages'>,
): ModelConfig => ({
  name,
  platform: PLATFORM,
  backend: BACKEND,
  version_policy: { all: {} },
  max_batch_size: tensorRows,
  input: [
    {
      name: INPUT.name,
      data_type: 'TYPE_FP32',
      format: 'FORMAT_NONE',
      dims: INPUT.shape.slice(1),
      is_shape_tensor: false,
      allow_ragged_batch: false,
      optional: false,
    },
  ],
  output: OUTPUTS.map(({ name: output }) => ({
    name: output,
    data_type: 'TYPE_FP32',
    dims: [CLASS_COUNT],
    label_filename: '',
    is_shape_tensor: false,
  })),
  dynamic_batching: {
    preferred_batch_size: [batchImages],
    // A free worker takes what waits at once.
    max_queue_delay_microseconds: 0,
    preserve_ordering: false,
  },
  default_model_filename: MODEL_FILE,
  parameters: {},
});
