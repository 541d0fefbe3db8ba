import { env } from '@tensorflow/tfjs-core';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { BACKEND_NAME, registerOnnxRuntimeBackend } from '../../train/ort-backend/index.js';

// One thread: every tensor of a spec is small.
registerOnnxRuntimeBackend({ threads: 1 });
// Without it specs pass through TensorFlow.js's advice on faster backends, printed once.
env().set('IS_NODE', true);
setTestEnvs([{ name: BACKEND_NAME, backendName: BACKEND_NAME, isDataSync: true }]);
