import type { Server } from 'node:http';
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
  const closeIdle = () => {
    server.closeIdleConnections();
    // To Node a connection on which nothing was ever sent is not idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  return (mostMilliseconds) =>
    new Promise((resolve) => {
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
