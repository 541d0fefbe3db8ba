import { createServer, type Server } from 'node:net';
import { unmet } from '../core/errors.js';

export interface Address {
  host: string;
  /** 0 takes any free port. */
  port: number;
}

/**
 * So many connections wait while the thread that takes them is busy, or as many as the system lets (Linux: 4096); of Node's own 511 a burst
 * of clients loses the rest, which try again a second later, or longer.
 */
const WAITING_CONNECTIONS = 4096;

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'Choose a port from 1024 on, which need no rights.',
  EADDRNOTAVAIL: 'This machine has no such address: name another by --host.',
  ENOTFOUND: 'No machine is known by that name: give another --host.',
};

/**
 * Listens there.
 * @throws TenfoldError `unavailable` where the address cannot be had
 */
export function listen(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) => {
      const reason = cause.code ?? cause.message;
      reject(
        unmet({
          code: 'unavailable',
          what: `${host}:${port}`,
          expected: 'a free address',
          got: reason,
          advice: ADVICE[reason] ?? 'Choose another port, or end what listens there.',
          cause,
        }),
      );
    };
    server.once('error', refuse);
    server.listen({ port, host, backlog: WAITING_CONNECTIONS }, () => {
      // What goes wrong later is for others to see.
      server.off('error', refuse);
      resolve();
    });
  });
}

/**
 * Finds out whether one could listen there now.
 * @throws TenfoldError `unavailable` where not
 */
export async function requireFree(address: Address): Promise<void> {
  const server = createServer();
  await listen(server, address);
  await new Promise((resolve) => server.close(resolve));
}
