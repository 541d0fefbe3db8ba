import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A client's request and our answer, byte for byte. */
export interface Exchange {
  /** Base64 of all that the client sent. */
  request: string;
  /** Base64 of all that it was answered. */
  response: string;
}

/** What one client did: recorded by `record.py`. */
export interface Session {
  /** Client, version, date. */
  provenance: string;
  exchanges: Exchange[];
}

/** Beside the sources: nothing copies them into `dist/`. */
const FOLDER = fileURLToPath(new URL('../../../../test/serve/open-inference/sessions/', import.meta.url));

export const readSessions = (): { name: string; session: Session }[] =>
  readdirSync(FOLDER).map((name) => ({
    name,
    session: JSON.parse(readFileSync(`${FOLDER}${name}`, 'utf8')) as Session,
  }));

/** An HTTP/1.1 message with a Content-Length. */
export interface Message {
  /** The request line or the status line. */
  start: string;
  /** By lower-case names. */
  headers: Map<string, string>;
  body: Buffer;
}

const HEAD_END = '\r\n\r\n';

/** Reads one message; null where it is not whole yet. */
export function parseMessage(bytes: Buffer): Message | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const [start, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const body = bytes.subarray(end + HEAD_END.length);
  if (body.length < Number(headers.get('content-length') ?? 0)) return null;
  return { start: start!, headers, body };
}
