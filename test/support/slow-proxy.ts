import { connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { listenLocally, urlThrough } from './local-server.js';

/** How a statement is recognised in what a client sends. */
export interface StatementMark {
  /** Of the prepared statement. */
  readonly name: string;
  /** Text that no other statement contains, for clients that don't prepare it (`DATABASE_FAST_LANE=off`). */
  readonly text: string;
}

/**
 * A TCP proxy for a database that randomly delays the answers to one statement, so that other work overtakes these
 * reads.
 */
export class SlowProxy {
  /** The number of delayed answers. */
  heldBack = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    private readonly statement: StatementMark,
    private readonly slowestMs: number,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async start(targetUrl: string, statement: StatementMark, slowestMs: number): Promise<SlowProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new SlowProxy(server, new URL(targetUrl), statement, slowestMs);
    await listenLocally(server);
    return proxy;
  }

  get url(): string {
    return urlThrough(this.server, this.target);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /**
   * Counts how often the packet runs the statement. In a Bind message, its name follows the empty name of the portal. In
   * a Parse message without a name, its text follows the type, the length and the empty name.
   */
  private timesIn(packet: Buffer): number {
    const { name, text } = this.statement;
    const sent = packet.toString('latin1');
    const unprepared = sent
      .split(/P[^]{4}\0/)
      .filter((parse, index) => index > 0 && parse.split('\0')[0]!.includes(text));
    return sent.split(`\0${name}\0`).length - 1 + unprepared.length;
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
