import { connect } from 'node:net';

/**
 * One HTTP/1.1 connection that sends prepared bytes and waits for the answer to them: on the cores of the service
 * that it loads, a client that builds and parses requests would measure itself.
 */
export interface Connection {
  /** One at a time. Rejects where the connection ends before the whole answer. */
  exchange(request: Buffer): Promise<Answer>;
  close(): void;
}

export interface Answer {
  status: number;
  /** The status line and the headers, as they came. */
  head: string;
  body: Buffer;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Resolves once connected. */
export function openConnection({ hostname, port }: URL): Promise<Connection> {
  let waiting: Waiting | null = null;
  let received = Buffer.alloc(0);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on('data', (chunk) => {
    // What nobody asked for: the service gives up on a connection that it finds too slow.
    if (!waiting) {
      socket.destroy();
      return;
    }
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = wholeAnswer(received);
    if (!answer) return;
    received = Buffer.alloc(0);
    const { resolve } = waiting;
    waiting = null;
    resolve(answer);
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the connection was closed before the answer was whole')));
  const connection: Connection = {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) throw new Error('the connection is closed');
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(connection));
    socket.once('error', reject);
  });
}

/** The answer with a Content-Length that `bytes` is; null while it is not whole. */
function wholeAnswer(bytes: Buffer): Answer | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const start = end + HEAD_END.length;
  if (bytes.length < start + length) return null;
  return { status: Number(head.slice(9, 12)), head, body: bytes.subarray(start, start + length) };
}
