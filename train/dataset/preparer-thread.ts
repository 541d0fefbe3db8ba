import { type MessagePort, workerData } from 'node:worker_threads';
import { createPrepare, type PrepareSettings, type Request } from './prepare.js';

/** Prepares batches as a thread of its own: each is sent as soon as it is ready, in the order in which they were asked for. */

export interface ThreadSetup extends PrepareSettings {
  port: MessagePort;
}

const { port, ...settings } = workerData as ThreadSetup;
const prepare = createPrepare(settings);

port.on('message', (requests: Request[]) => {
  for (const request of requests) port.postMessage(prepare(request), [request.memory]);
});
