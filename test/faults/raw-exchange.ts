import { connect } from 'node:net';

/** What a client sends as it is, whether it is HTTP or not. */
export interface Attempt {
  /** What is wrong with it, for messages. */
  name: string;
  bytes: Buffer;
  /** Whether the client ends its side then: for requests whose rest never comes. */
  ends: boolean;
}

/** What came of it. */
export type Outcome =
  | { kind: 'answered'; status: number; headers: ReadonlyMap<string, string>; body: Buffer }
  | { kind: 'closed' }
  | { kind: 'hung' };

/** Sends on a connection of its own and reads the first whole answer, or until the connection ends. */
export function rawExchange(
  { hostname, port }: URL,
  { bytes, ends }: Attempt,
  limitMilliseconds: number,
): Promise<Outcome> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let received = Buffer.alloc(0);
  const hasBody = !bytes.subarray(0, 5).equals(Buffer.from('HEAD '));
  return new Promise((resolve) => {
    const settle = (outcome: Outcome) => {
      clearTimeout(late);
      socket.destroy();
      resolve(outcome);
    };
    const late = setTimeout(() => settle({ kind: 'hung' }), limitMilliseconds);
    socket.on('connect', () => (ends ? socket.end(bytes) : socket.write(bytes)));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = readAnswer(received, { hasBody, isWhole: false });
      if (answer) settle(answer);
    });
    // A reset is an end too.
    socket.on('error', () => {});
    socket.on('close', () => settle(readAnswer(received, { hasBody, isWhole: true }) ?? { kind: 'closed' }));
  });
}

interface Reading {
  hasBody: boolean;
  /** Nothing more will come. */
  isWhole: boolean;
}

/** The first answer that is not interim; null while it is not whole. */
function readAnswer(bytes: Buffer, reading: Reading): Outcome | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const rest = bytes.subarray(end + 4);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first!)?.[1]);
  if (status < 200) return readAnswer(rest, reading);
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = readBody(rest, headers, { ...reading, hasBody: reading.hasBody && status !== 304 });
  return body && { kind: 'answered', status, headers, body };
}

function readBody(rest: Buffer, headers: ReadonlyMap<string, string>, reading: Reading): Buffer | null {
  if (!reading.hasBody) return Buffer.alloc(0);
  if (headers.get('transfer-encoding') === 'chunked') return dechunk(rest);
  const length = headers.get('content-length');
  if (length === undefined) return reading.isWhole ? rest : null;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : null;
}

function dechunk(bytes: Buffer): Buffer | null {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    const from = end + 2;
    at = from + size + 2;
    if (at > bytes.length) return null;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(from, from + size));
  }
}
