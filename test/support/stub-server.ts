import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server of a third party with the answers of the test. */
export class StubServer {
  /** Received requests in order. */
  readonly seen: SeenRequest[] = [];
  /** The number of TCP connections, including those without a request. */
  connections = 0;
  answer: RequestListener = (_request, response) => response.end();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param host all addresses of IPv4 and IPv6 by default */
  static async start(host?: string, port = 0): Promise<StubServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    const stub = new StubServer(server, (server.address() as { port: number }).port);
    server.on('connection', () => stub.connections++);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        stub.seen.push({ method: request.method!, path: request.url!, headers: request.headers, body });
        stub.answer(request, response);
      });
    });
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Sets one answer for every request. */
  answers(status: number, body: unknown = {}, headers: Readonly<Record<string, string>> = {}): void {
    this.answer = (_request, response) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }

  /** Takes over connections for another protocol. */
  onUpgrade(handle: (socket: Duplex) => void): void {
    this.server.removeAllListeners('upgrade').on('upgrade', (_request, socket) => handle(socket));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}
