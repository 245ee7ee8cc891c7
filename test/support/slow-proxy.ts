import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * A TCP proxy for a database that randomly delays the answers to one prepared statement, so that other work overtakes
 * these reads.
 */
export class SlowProxy {
  /** The number of delayed answers. */
  heldBack = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    private readonly statement: string,
    private readonly slowestMs: number,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** @param statement the name of the prepared statement */
  static async start(targetUrl: string, statement: string, slowestMs: number): Promise<SlowProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new SlowProxy(server, new URL(targetUrl), statement, slowestMs);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /**
   * Counts how often the packet binds the statement. In a Bind message, its name follows the empty name of the portal.
   */
  private timesIn(packet: Buffer): number {
    return packet.toString('latin1').split(`\0${this.statement}\0`).length - 1;
  }

  private accept(client: Socket): void {
    const server = connect({ host: this.target.hostname, port: Number(this.target.port), noDelay: true });
    // Postgres answers in order, so the next packet contains these answers, or would be delayed behind them.
    let asked = 0;
    client.on('data', (packet: Buffer) => (asked += this.timesIn(packet)));
    const late = new Transform({
      transform: (packet, _encoding, pass) => {
        if (asked === 0) return pass(null, packet);
        this.heldBack += asked;
        asked = 0;
        setTimeout(() => pass(null, packet), Math.random() * this.slowestMs);
      },
    });
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    }
    // Close the other side if one side fails, which `pipeline` does.
    pipeline(client, server).catch(() => undefined);
    pipeline(server, late, client).catch(() => undefined);
  }
}
