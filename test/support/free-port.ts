import { createServer, type AddressInfo } from 'node:net';

/** A port that a server can be stopped and started on again; for one start only, port 0 is better. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
