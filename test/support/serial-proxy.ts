import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { listenLocally, urlThrough } from './local-server.js';

/**
 * A TCP proxy that starts sessions one after the other, as Postgres does on a busy machine. It also spends the time on a
 * connection whose client has gone, because Postgres learns that only from the session.
 */
export class SerialProxy {
  /** How long the start of a session takes. */
  startMs = 0;
  /** How many sessions were started for clients that had gone. */
  wasted = 0;
  readonly #sockets = new Set<Socket>();
  #turn = Promise.resolve();
  #goOn: () => void = () => undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => {
      this.#keep(client);
      this.#turn = this.#turn.then(() => this.#begin(client));
    });
  }

  static async start(targetUrl: string): Promise<SerialProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new SerialProxy(server, new URL(targetUrl));
    await listenLocally(server);
    return proxy;
  }

  get url(): string {
    return urlThrough(this.server, this.target);
  }

  /** Starts no session until `goOn`. */
  hang(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#goOn = resolve;
    this.#turn = this.#turn.then(() => promise);
  }

  goOn(): void {
    this.#goOn();
  }

  /** Closes every connection on both sides. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #begin(client: Socket): Promise<void> {
    await sleep(this.startMs);
    if (client.destroyed) {
      this.wasted++;
      return;
    }
    const server = connect({ host: this.target.hostname, port: Number(this.target.port), noDelay: true });
    this.#keep(server);
    client.pipe(server);
    server.pipe(client);
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // Resets are expected faults.
    socket.on('error', () => undefined);
  }
}
