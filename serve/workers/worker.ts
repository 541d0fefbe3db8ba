import { parentPort, workerData } from 'node:worker_threads';
import { TenfoldError } from '../../core/errors.js';
import { INPUT_LENGTH } from '../../core/image.js';
import { classify, type Runner } from '../../core/predict.js';
import { classifyNumbers } from '../../core/predict-numbers.js';
import type { BatchOf } from './batching.js';
import { unpack } from './packing.js';
import { createRunner } from './runner.js';
import type { Work, WorkKind } from './work.js';
import type { BatchRequest, WorkerReply, WorkerSetup } from './worker-protocol.js';

/** One of the pool's threads: its own session, one batch at a time. */

const port = parentPort!;
const { manifest, model, runner: options, batchImages } = workerData as WorkerSetup;
const reply = (message: WorkerReply) => port.postMessage(message);

function failure(error: unknown): WorkerReply {
  const code = error instanceof TenfoldError ? error.code : 'failed';
  return { kind: 'failure', code, message: (error as Error).message };
}

type Answer<Kind extends WorkKind> = (batch: BatchOf[Kind], runner: Runner) => Promise<Work[Kind]['output']>;

const ANSWER: { readonly [Kind in WorkKind]: Answer<Kind> } = {
  one: (batch, runner) => classify(unpack(batch), runner, manifest.calibration),
  many: (batch, runner) => classifyNumbers(unpack(batch), runner, manifest.calibration),
  tensor: (batch, runner) => runner.run(batch, batch.length / INPUT_LENGTH),
};

const answerTo = <Kind extends WorkKind>(kind: Kind, batch: BatchOf[Kind], runner: Runner) =>
  ANSWER[kind](batch, runner);

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
  const output = await answerTo(request.kind, request.batch as never, timed);
  const preprocessMilliseconds = performance.now() - started - inferenceMilliseconds;
  return { kind: 'done', output, preprocessMilliseconds, inferenceMilliseconds };
}

try {
  // ONNX Runtime takes no shared memory.
  const runner = await createRunner({ manifest, model: new Uint8Array(model).slice() }, options);
  // The first runs allocate: better before the first request than under it.
  for (const batch of [1, batchImages]) await runner.run(new Float32Array(batch * INPUT_LENGTH), batch);
  port.on('message', async (request: BatchRequest) => {
    reply(await answer(request, runner).catch(failure));
  });
  reply({ kind: 'ready' });
} catch (error) {
  reply(failure(error));
}
