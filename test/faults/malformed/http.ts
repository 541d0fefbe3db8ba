import type { Attempt } from '../raw-exchange.js';

export type Header = readonly [name: string, value: string];

export interface Parts {
  name: string;
  method?: string;
  path?: string;
  headers?: readonly Header[];
  body?: Uint8Array | string;
  /** The Content-Length, where it is not the body's; null sends none. */
  length?: string | null;
  ends?: boolean;
}

/** A request as it goes over the wire; names and values are sent as they are, one byte a character. */
export function httpRequest(parts: Parts): Attempt {
  const { name, method = 'POST', path = '/predict', headers = [], ends = false } = parts;
  const body = Buffer.from(parts.body ?? '');
  const { length = String(body.length) } = parts;
  const all: Header[] = [['Host', '127.0.0.1'], ...headers];
  if (length !== null) all.push(['Content-Length', length]);
  const lines = all.map((header) => `${header[0]}: ${header[1]}\r\n`).join('');
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines}\r\n`, 'latin1');
  return { name, bytes: Buffer.concat([head, body]), ends };
}

export const typed = (type: string): readonly Header[] => [['Content-Type', type]];
