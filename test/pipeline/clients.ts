import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { Prediction } from '../../core/predict.js';
import type { PredictResponse } from '../../serve/predict/schemas.js';
import { form } from '../serve/service.js';

/** As many as one request may carry. */
const PICTURES_A_REQUEST = 64;
const REQUESTS_AT_ONCE = 4;

/** Posts every file to `/predict`, many a request and several requests at once; the answers in the files' order. */
export async function predictAll(url: string, files: readonly Buffer[]): Promise<Prediction[]> {
  const answers: Prediction[] = new Array(files.length);
  const starts = Array.from({ length: Math.ceil(files.length / PICTURES_A_REQUEST) }, (_, batch) => {
    return batch * PICTURES_A_REQUEST;
  }).values();
  const client = async () => {
    for (const start of starts) {
      const body = form(files.slice(start, start + PICTURES_A_REQUEST));
      const response = await fetch(`${url}/predict`, { method: 'POST', body });
      if (!response.ok) throw new Error(`${response.status} for pictures ${start}: ${await response.text()}`);
      const { results } = (await response.json()) as PredictResponse;
      for (const [offset, result] of results.entries()) answers[start + offset] = result;
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, client));
  return answers;
}

/** A request whose headers the server has read, and whose body has yet to come. */
export async function beginRequest(url: string, file: Buffer) {
  const begun = request(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', 'content-length': file.length, expect: '100-continue' },
  });
  // Where the test fails before it is finished, that failure is the one to tell.
  begun.on('error', () => {});
  begun.flushHeaders();
  await once(begun, 'continue');
  return {
    /** Sends the body; the status and the body of the answer. */
    async finish(): Promise<{ status: number | undefined; body: string }> {
      const answered = once(begun, 'response');
      begun.end(file);
      const [response] = (await answered) as [IncomingMessage];
      let body = '';
      for await (const part of response.setEncoding('utf8')) body += part;
      return { status: response.statusCode, body };
    },
  };
}

/** Whether something listens at the URL's port. */
export async function isOpen(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED') return false;
    // It listened when the call came in, and no longer when its turn came.
    if (code === 'ECONNRESET') return true;
    throw error;
  } finally {
    socket.destroy();
  }
}
