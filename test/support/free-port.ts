import { createServer } from 'node:net';

/** Below the ports that Linux by default assigns to outgoing connections and for port 0, so that those take none. */
const FIRST = 10_000;
const COUNT = 20_000;
/** Between the first ports of two processes, unless their ids differ by a multiple of 400. */
const APART = 50;

let given = 0;

/** A free port for a server that is restarted or that can't choose one. Use port 0 for a single start. */
export async function freePort(): Promise<number> {
  const port = FIRST + ((process.pid * APART + given++) % COUNT);
  return (await isFree(port)) ? port : freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
