import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Ask, HttpClient } from './http-client.js';
import { Load, random } from './load.js';
import type { ServerProcess } from './server-process.js';
import { until } from './until.js';

/** A server that stops may close a connection that has been idle for this long. */
const LAST_REQUEST_MS = 2_000;
const REQUESTS_BETWEEN = 100;

/** How many clients send requests, and how long each pauses between two at most. */
export interface LoadSize {
  readonly clients: number;
  readonly pauseMsMax: number;
}
/** Leaves CPU time for other work while requests are always in flight. */
const USUAL: LoadSize = { clients: 24, pauseMsMax: 50 };

/** A request, and the status of its answer. */
export interface BalancedRequest extends Ask {
  readonly expected: number;
}

/**
 * Clients with a keep-alive connection to each server. As a load balancer does, they retry on another server when a
 * connection is refused, or when one that was idle is closed (RFC 9112 section 9.3.1).
 */
export class BalancedLoad {
  readonly failures: string[] = [];
  answered = 0;
  turnedAway = 0;
  slowestMs = 0;
  private readonly clients: HttpClient[];
  private readonly idleSince = new Map<string, number>();
  private loads: Load[] = [];

  /**
   * @param servers read at every request, so that a test can add and remove some
   * @param next makes a request, which is repeated at another server if one turns it away
   */
  constructor(
    private readonly servers: readonly ServerProcess[],
    key: string,
    private readonly next: () => BalancedRequest,
    private readonly size = USUAL,
  ) {
    this.clients = Array.from({ length: size.clients }, () => new HttpClient(key));
  }

  async start(): Promise<void> {
    await this.connectTo(this.servers);
    this.loads = this.clients.map(
      (_, at) =>
        new Load(1, async () => {
          const request = this.next();
          while (!(await this.ask(at, random(this.servers), request))) this.turnedAway++;
          await sleep(Math.random() * this.size.pauseMsMax);
        }),
    );
  }

  /** Opens all connections: one that is still in the accept queue is lost when its server closes. */
  async connectTo(servers: readonly ServerProcess[]): Promise<void> {
    for (const at of this.clients.keys()) await Promise.all(servers.map((server) => this.ask(at, server, this.next())));
  }

  async waitForAnswers(): Promise<void> {
    const answered = this.answered;
    await until('more requests are answered', () => this.answered >= answered + REQUESTS_BETWEEN);
  }

  async stop(): Promise<void> {
    await Promise.all(this.loads.map((load) => load.stop()));
    for (const client of this.clients) client.close();
  }

  /** Returns false if the request can be retried on another server. */
  private async ask(at: number, { url }: ServerProcess, { expected, ...request }: BalancedRequest): Promise<boolean> {
    const connection = `${at} ${url}`;
    const startedAt = performance.now();
    const idleMs = startedAt - (this.idleSince.get(connection) ?? startedAt);
    try {
      const answer = await this.clients[at]!.ask(url, request);
      this.idleSince.set(connection, performance.now());
      this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt);
      if (answer.status === expected) this.answered++;
      else this.failures.push(describe(request, answer));
      return true;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ECONNREFUSED' || (code === 'ECONNRESET' && idleMs > LAST_REQUEST_MS)) return false;
      this.failures.push(`${message} after ${Math.round(idleMs)} ms without a request`);
      return true;
    }
  }
}

function describe({ method = 'GET', path }: Ask, { status, body }: Answer): string {
  return `${method} ${path} was answered ${status}: ${body}`;
}
