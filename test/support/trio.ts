import { expect } from 'vitest';
import { FreezableProxy } from './freezable-proxy.js';
import { Installation } from './installation.js';
import { percentile } from './load.js';
import { OwnPostgres } from './own-postgres.js';
import { report } from './report.js';
import type { Revocations } from './revocations.js';
import type { ServerProcess } from './server-process.js';
import { SlowProxy } from './slow-proxy.js';

const PROCESSES = 3;
/** The statement that reads a credential, and its maximum delay, which is longer than most revocations take. */
const FILL = { name: 'key-by-digest', text: 'WHERE c.digest = $1' };
const FILL_SLOWEST_MS = 200;

/** Three servers on a Postgres of their own, each with a lease connection that a test can freeze. */
export class Trio {
  readonly proxies: FreezableProxy[] = [];
  readonly servers: ServerProcess[] = [];

  private constructor(
    readonly postgres: OwnPostgres,
    readonly installation: Installation,
    readonly slow: SlowProxy,
  ) {}

  /** Delays reads of credentials, so that revocations overtake them. */
  static async start(): Promise<Trio> {
    const postgres = await OwnPostgres.start();
    const installation = await Installation.on(postgres);
    const slow = await SlowProxy.start(postgres.serverUrl, FILL, FILL_SLOWEST_MS);
    const trio = new Trio(postgres, installation, slow);
    for (let process = 0; process < PROCESSES; process++)
      trio.proxies.push(await FreezableProxy.start(postgres.serverUrl));
    trio.servers.push(...(await Promise.all(trio.proxies.map((proxy) => trio.startBehind(proxy)))));
    return trio;
  }

  async stop(): Promise<void> {
    for (const proxy of this.proxies) proxy.thaw();
    await Promise.all(this.servers.map((server) => server.kill()));
    await Promise.all([this.slow, ...this.proxies].map((proxy) => proxy.stop()));
    await this.installation.close();
    await this.postgres.remove();
  }

  /** Kills a server, possibly in the middle of a request, and starts another in its place. */
  async killAndReplace(at: number): Promise<void> {
    await this.servers[at]!.kill();
    this.servers[at] = await this.startBehind(this.proxies[at]!);
  }

  private startBehind(proxy: FreezableProxy): Promise<ServerProcess> {
    return this.installation.startServer({ DATABASE_URL: this.slow.url, DATABASE_DIRECT_URL: proxy.url });
  }
}

export function expectNoneAccepted(title: string, { figures }: Revocations): void {
  const { callMs, calls, keys, calledAgain, requests, startedAfterAnswer, letIn, unexpected } = figures;
  report(title, {
    calls,
    keys,
    again: calledAgain,
    p50: percentile(callMs, 50),
    p99: percentile(callMs, 99),
    max: Math.max(...callMs),
    requests,
    'started after an answer': startedAfterAnswer,
    'let in': letIn.length,
  });
  expect(letIn).toEqual([]);
  expect(unexpected).toEqual([]);
  expect(startedAfterAnswer).toBeGreaterThan(keys);
}
