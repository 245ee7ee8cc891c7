import { createServer, connect, type Server, type Socket } from 'node:net';
import { listenLocally, urlThrough } from './local-server.js';
import { until } from './until.js';

export type Direction = 'toServer' | 'toClient';

interface Pipe {
  readonly from: Socket;
  readonly to: Socket;
  readonly direction: Direction;
  readonly held: Buffer[];
}

/**
 * A TCP proxy between a process and its database that simulates network faults: frozen in one or both directions, a
 * late packet, cut, refused. While frozen it does not forward the end of a connection either, which leaves the other
 * side half-open.
 */
export class FreezableProxy {
  private readonly frozen = new Set<Direction>();
  private pipes: Pipe[] = [];
  private isRefusing = false;
  refusedConnections = 0;

  private constructor(
    private readonly server: Server,
    private target: URL,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** @param targetUrl a postgres URL with a host, as its own `url` is */
  static async start(targetUrl: string): Promise<FreezableProxy> {
    const server = createServer();
    const proxy = new FreezableProxy(server, new URL(targetUrl));
    await listenLocally(server);
    return proxy;
  }

  get url(): string {
    return urlThrough(this.server, this.target);
  }

  freeze(...directions: Direction[]): void {
    for (const direction of directions.length > 0 ? directions : (['toServer', 'toClient'] as const)) {
      this.frozen.add(direction);
    }
  }

  /** Delivers the held data late. */
  thaw(): void {
    this.frozen.clear();
    for (const pipe of this.pipes) {
      for (const packet of pipe.held.splice(0)) pipe.to.write(packet);
      if (pipe.from.destroyed) pipe.to.end();
    }
  }

  heldPackets(direction: Direction): number {
    return this.pipes.reduce((sum, pipe) => sum + (pipe.direction === direction ? pipe.held.length : 0), 0);
  }

  /** Releases the oldest held packet of the newest connection; waits for one if needed. */
  async letOnePacketThrough(direction: Direction): Promise<void> {
    await until(`a packet is held ${direction}`, () => this.heldPackets(direction) > 0);
    const pipe = this.pipes.findLast((candidate) => candidate.direction === direction && candidate.held.length > 0)!;
    pipe.to.write(pipe.held.shift()!);
  }

  /** Closes every connection on both sides. */
  cut(): void {
    const pipes = this.pipes;
    this.pipes = [];
    for (const { from, to } of pipes) {
      from.destroy();
      to.destroy();
    }
  }

  /** Ends every connection and leads new ones to another server, as a balancer does after a failover. */
  leadTo(targetUrl: string): void {
    this.target = new URL(targetUrl);
    this.cut();
  }

  /** Refuses connections, as a stopped database does. */
  refuse(isRefusing: boolean): void {
    this.isRefusing = isRefusing;
    if (isRefusing) this.cut();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.isRefusing) {
      this.refusedConnections++;
      client.destroy();
      return;
    }
    const server = connect({ host: this.target.hostname, port: Number(this.target.port || 5432), noDelay: true });
    client.setNoDelay(true);
    this.pipe({ from: client, to: server, direction: 'toServer', held: [] });
    this.pipe({ from: server, to: client, direction: 'toClient', held: [] });
  }

  private pipe(pipe: Pipe): void {
    const { from, to, direction, held } = pipe;
    this.pipes.push(pipe);
    from.on('data', (packet: Buffer) => {
      if (this.frozen.has(direction)) held.push(packet);
      else to.write(packet);
    });
    from.on('close', () => {
      if (this.frozen.has(direction)) return;
      to.end();
      this.pipes = this.pipes.filter((open) => open !== pipe);
    });
    // Resets are expected faults.
    from.on('error', () => undefined);
  }
}
