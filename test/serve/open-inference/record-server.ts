import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { startOpenInference } from './service.js';
import { type Exchange, parseMessage } from './session.js';

/**
 * `node record-server.js FILE PROVENANCE`: serves the tiny bundle, prints the port, and writes what a client did into
 * FILE once its standard input ends. Of requests for inference and statistics that are the same byte for byte only the
 * first is kept: perf_analyzer sends thousands.
 */
const [file, provenance] = process.argv.slice(2) as [string, string];
const service = await startOpenInference({ control: true });
const exchanges: Exchange[] = [];
const seen = new Set<string>();

function keep(request: Buffer, response: Buffer): void {
  const sent = request.toString('base64');
  const repeats = /\/(infer|stats) /.test(parseMessage(request)?.start ?? '') && seen.has(sent);
  if (!repeats) exchanges.push({ request: sent, response: response.toString('base64') });
  seen.add(sent);
}

/** Hands bytes on both ways; a request is over when its answer is whole. */
function tap(client: Socket): void {
  const upstream = connect(service.port, '127.0.0.1');
  let request: Buffer[] = [];
  let response: Buffer[] = [];
  client.on('data', (chunk) => {
    request.push(chunk);
    upstream.write(chunk);
  });
  upstream.on('data', (chunk) => {
    response.push(chunk);
    client.write(chunk);
    const answered = Buffer.concat(response);
    if (parseMessage(answered) === null) return;
    keep(Buffer.concat(request), answered);
    request = [];
    response = [];
  });
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => client.destroy());
  for (const socket of [client, upstream]) socket.on('error', () => {});
}

const proxy = createServer({ noDelay: true }, tap).listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(proxy.address() as AddressInfo).port}\n`);
});
process.stdin.resume().on('end', async () => {
  writeFileSync(file, `${JSON.stringify({ provenance, exchanges }, null, 2)}\n`);
  await service.close();
  process.exit();
});
