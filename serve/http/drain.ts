import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How often connections that became idle are closed meanwhile. */
const INTERVAL_MILLISECONDS = 50;

/**
 * Prepares a server for its end, before it listens.
 * @returns what ends it: no new connection is taken, requests under way are answered within the time, then all is closed.
 */
export function prepareDrain(server: Server): (mostMilliseconds: number) => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const responses = new Set<ServerResponse>();
  let isClosing = false;
  // Before whoever answers.
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (isClosing) sayLast(response);
    responses.add(response);
    response.once('close', () => responses.delete(response));
  });
  const closeIdle = () => {
    server.closeIdleConnections();
    // To Node a connection on which nothing was ever sent is not idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  return (mostMilliseconds) =>
    new Promise((resolve) => {
      isClosing = true;
      for (const response of responses) if (!response.headersSent) sayLast(response);
      const idle = setInterval(closeIdle, INTERVAL_MILLISECONDS);
      const late = setTimeout(() => server.closeAllConnections(), mostMilliseconds);
      server.close(() => {
        clearInterval(idle);
        clearTimeout(late);
        resolve();
      });
      closeIdle();
    });
}

/** Its connection is closed after it, and a client that was not told might send its next request on it. */
const sayLast = (response: ServerResponse): void => {
  response.setHeader('Connection', 'close');
};
