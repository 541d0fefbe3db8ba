import { parentPort, workerData } from 'node:worker_threads';
import { TenfoldError } from '../../core/errors.js';
import { INPUT_LENGTH } from '../../core/image.js';
import { classify, type Runner } from '../../core/predict.js';
import { classifyNumbers } from '../../core/predict-numbers.js';
import { BATCH_IMAGES } from '../limits.js';
import { unpack } from './packing.js';
import { createRunner } from './runner.js';
import type { BatchRequest, Digits, WorkerReply, WorkerSetup } from './worker-protocol.js';

/** One of the pool's threads: its own session, one batch at a time. */

const port = parentPort!;
const { manifest, model } = workerData as WorkerSetup;
const reply = (message: WorkerReply) => port.postMessage(message);

function failure(error: unknown): WorkerReply {
  const code = error instanceof TenfoldError ? error.code : 'failed';
  return { kind: 'failure', code, message: (error as Error).message };
}

const CLASSIFY = { one: classify, many: classifyNumbers } satisfies { [Kind in Digits]: unknown };

async function answer(request: BatchRequest, runner: Runner): Promise<WorkerReply> {
  let inferenceMilliseconds = 0;
  const timed: Runner = {
    async run(input, batch) {
      const started = performance.now();
      const output = await runner.run(input, batch);
      inferenceMilliseconds += performance.now() - started;
      return output;
    },
  };
  const started = performance.now();
  const predictions = await CLASSIFY[request.digits](unpack(request), timed, manifest.calibration);
  const preprocessMilliseconds = performance.now() - started - inferenceMilliseconds;
  return { kind: 'answers', predictions, preprocessMilliseconds, inferenceMilliseconds };
}

try {
  // ONNX Runtime takes no shared memory.
  const runner = await createRunner({ manifest, model: new Uint8Array(model).slice() });
  // The first runs allocate: better before the first request than under it.
  for (const batch of [1, BATCH_IMAGES]) await runner.run(new Float32Array(batch * INPUT_LENGTH), batch);
  port.on('message', async (request: BatchRequest) => {
    reply(await answer(request, runner).catch(failure));
  });
  reply({ kind: 'ready' });
} catch (error) {
  reply(failure(error));
}
