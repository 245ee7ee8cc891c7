import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { IncomingHttpHeaders } from 'node:http';
import type { OwnCertificate } from './own-certificate.js';

/** An exported event, as receivers read it. */
export interface ReceivedEvent {
  readonly class_uid: number;
  readonly activity_id: number;
  readonly type_uid: number;
  readonly time: number;
  readonly severity_id: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly actor: { readonly user: Readonly<Record<string, unknown>> };
  readonly entity?: Readonly<Record<string, unknown>>;
  readonly unmapped: {
    readonly gatehouse: {
      readonly entry: { readonly chain: string; readonly sequence: number; readonly hash: string };
      readonly previous_hash: string;
      readonly head?: { readonly sequence: number; readonly hash: string };
    };
  };
}

export interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly lines: readonly string[];
}

/** Takes exported batches over HTTPS. */
export class HttpsReceiver {
  readonly posts: Post[] = [];
  /** The status of the next answers. */
  status = 204;
  /** Runs after a post has been stored and before it is answered. */
  beforeAnswer: () => Promise<void> = async () => undefined;
  #server: HttpsServer | undefined;
  port = 0;

  private constructor(private readonly certificate: OwnCertificate) {}

  static async start(certificate: OwnCertificate): Promise<HttpsReceiver> {
    const receiver = new HttpsReceiver(certificate);
    await receiver.start();
    return receiver;
  }

  get url(): string {
    return `https://localhost:${this.port}/collect?token=of-the-receiver`;
  }

  /** Every received line, repeats included. */
  get lines(): string[] {
    return this.posts.flatMap(({ lines }) => lines);
  }

  get events(): ReceivedEvent[] {
    return this.lines.map((line) => JSON.parse(line) as ReceivedEvent);
  }

  /** Listens on its earlier port if it ran before. */
  async start(): Promise<void> {
    const server = createHttpsServer({ ...this.certificate }, (request, response) => {
      void text(request)
        .then(async (body) => {
          if (this.status < 300) {
            this.posts.push({ headers: request.headers, lines: body.split('\n').filter((line) => line !== '') });
          }
          await this.beforeAnswer();
          response.writeHead(this.status).end();
        })
        // The sender was killed.
        .catch(() => response.destroy());
    });
    this.port = await listen(server, this.port);
    this.#server = server;
  }

  async stop(): Promise<void> {
    this.#server!.closeAllConnections();
    await new Promise((resolve) => this.#server!.close(resolve));
  }
}

/** Takes messages of syslog over TLS, framed by octet counting. */
export class SyslogReceiver {
  readonly messages: string[] = [];
  /** If false, it ends each connection without reading. */
  reads = true;
  readonly #server: TlsServer;
  port = 0;

  private constructor(certificate: OwnCertificate) {
    this.#server = createTlsServer({ ...certificate }, (socket) => {
      socket.on('error', () => undefined);
      if (!this.reads) {
        socket.destroy();
        return;
      }
      let bytes = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])));
      socket.on('end', () => this.messages.push(...framesIn(bytes)));
    });
  }

  static async start(certificate: OwnCertificate): Promise<SyslogReceiver> {
    const receiver = new SyslogReceiver(certificate);
    receiver.port = await listen(receiver.#server, 0);
    return receiver;
  }

  get url(): string {
    return `syslog+tls://localhost:${this.port}`;
  }

  async stop(): Promise<void> {
    await new Promise<unknown>((resolve) => this.#server.close(resolve));
  }
}

/** @throws Error if a frame is incomplete */
function framesIn(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(' ', at);
    const length = Number(bytes.subarray(at, space).toString());
    const frame = bytes.subarray(space + 1, space + 1 + length);
    if (frame.length !== length) throw new Error(`a frame of ${length} octets has ${frame.length}`);
    frames.push(frame.toString('utf8'));
    at = space + 1 + length;
  }
  return frames;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
