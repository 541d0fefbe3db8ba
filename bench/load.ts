import { connect, type Socket } from 'node:net';
import sharp from 'sharp';
import { INPUT_LENGTH, INPUT_SIDE } from '../core/image.js';
import { loadMnistSplit } from '../train/dataset/mnist.js';

/**
 * A load generator as a process of its own: `load.js URL CONNECTIONS SECONDS`. Each connection posts one 28x28 PNG
 * after another, multipart, and waits for each answer. Requests are prepared bytes on plain sockets, since on the
 * same cores a costly client would measure itself. Prints a `LoadReport` as JSON.
 */

export interface LoadReport {
  requests: number;
  seconds: number;
  /** Answers other than 200. */
  failures: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
}

const PICTURES = 200;
const BOUNDARY = 'tenfold-load';

async function requestFor(pixels: Uint8Array, { host, hostname }: URL): Promise<Buffer> {
  const raw = { width: INPUT_SIDE, height: INPUT_SIDE, channels: 1 as const };
  const png = await sharp(Buffer.from(pixels), { raw }).png().toBuffer();
  const part =
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="digit.png"\r\n` +
    'Content-Type: image/png\r\n\r\n';
  const body = Buffer.concat([Buffer.from(part), png, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  const head =
    `POST /predict HTTP/1.1\r\nHost: ${host || hostname}\r\nContent-Length: ${body.length}\r\n` +
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** The bytes of the first whole response in `text`, or 0 while there is none. */
function responseLength(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end));
  const whole = end + 4 + Number(length?.[1] ?? 0);
  return text.length >= whole ? whole : 0;
}

/** Posts until the deadline; resolves once the last answer is there. */
function drive(socket: Socket, requests: readonly Buffer[], first: number, deadline: number) {
  const milliseconds: number[] = [];
  let failures = 0;
  return new Promise<{ milliseconds: number[]; failures: number }>((resolve, reject) => {
    let next = first;
    let sentAt = 0;
    let received = '';
    const send = () => {
      sentAt = performance.now();
      socket.write(requests[next++ % requests.length]!);
    };
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (responseLength(received) === 0) return;
      const now = performance.now();
      milliseconds.push(now - sentAt);
      if (!received.startsWith('HTTP/1.1 200')) failures++;
      received = '';
      if (now < deadline) send();
      else {
        socket.destroy();
        resolve({ milliseconds, failures });
      }
    });
    socket.on('error', reject);
    socket.on('connect', send);
  });
}

const url = new URL(process.argv[2]!);
const connections = Number(process.argv[3]);
const wantedSeconds = Number(process.argv[4]);
const { images } = await loadMnistSplit('test');
const requests = await Promise.all(
  Array.from({ length: PICTURES }, (_, row) =>
    requestFor(images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH), url),
  ),
);

const started = performance.now();
const deadline = started + wantedSeconds * 1000;
const driven = await Promise.all(
  Array.from({ length: connections }, (_, index) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    return drive(socket, requests, index * 7, deadline);
  }),
);
const seconds = (performance.now() - started) / 1000;
const sorted = driven.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
const report: LoadReport = {
  requests: sorted.length,
  seconds,
  failures: driven.reduce((sum, { failures }) => sum + failures, 0),
  p50Milliseconds: sorted[Math.floor(sorted.length * 0.5)]!,
  p99Milliseconds: sorted[Math.floor(sorted.length * 0.99)]!,
};
console.log(JSON.stringify(report));
