import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { BACKEND_NAME, registerOnnxRuntimeBackend } from '../../train/ort-backend/index.js';
import { randomStream } from '../../train/random.js';

// Specs of random numbers judge a sample: the same one in every run.
Math.random = randomStream(1, 'specs').next;
// One thread: every tensor of a spec is small.
registerOnnxRuntimeBackend({ threads: 1 });
// Said to answer synchronously, so that the specs which ask for that are run too.
setTestEnvs([{ name: BACKEND_NAME, backendName: BACKEND_NAME, isDataSync: true }]);
