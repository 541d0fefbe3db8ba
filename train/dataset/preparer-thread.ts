import { type MessagePort, workerData } from 'node:worker_threads';
import { createPrepare, type PrepareSettings, type Unprepared } from './prepare.js';

/** Prepares batches as a thread of its own: a batch comes, and goes back prepared, in the order of their coming. */

export interface ThreadSetup extends PrepareSettings {
  port: MessagePort;
}

const { port, ...settings } = workerData as ThreadSetup;
const prepare = createPrepare(settings);

port.on('message', (batch: Unprepared) => {
  prepare(batch);
  port.postMessage(batch, [batch.bytes.buffer, batch.images.buffer]);
});
