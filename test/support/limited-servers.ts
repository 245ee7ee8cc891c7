import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from './http-client.js';
import { Installation, type OrgKey } from './installation.js';
import { Load, random } from './load.js';
import { report } from './report.js';
import type { ServerProcess, Settings } from './server-process.js';
import { until } from './until.js';

/** The pause between requests of a client without a limit. */
const PAUSE_MS_MAX = 20;

/** Three servers that share the limits of one org. */
export class LimitedServers {
  private constructor(
    readonly installation: Installation,
    readonly servers: readonly ServerProcess[],
    readonly orgId: string,
  ) {}

  static async start(settings: Settings): Promise<LimitedServers> {
    const installation = await Installation.create();
    const servers = await installation.startServers(3, settings);
    const limited = new LimitedServers(installation, servers, await installation.newOrg(servers[0]!));
    await limited.are('shared');
    return limited;
  }

  async are(mode: 'shared' | 'partly' | 'alone'): Promise<void> {
    await Promise.all(this.servers.map((server) => server.is(mode, ({ rate_limits }) => rate_limits === mode)));
  }

  /** @param limit of an hour: on a busy machine, many requests can take longer than a minute */
  newKey(limit?: number): Promise<OrgKey> {
    const settings = limit === undefined ? {} : { rate_limit: { per_hour: limit } };
    return this.installation.newKey(this.servers[0]!, this.orgId, settings);
  }

  /** Sends requests to all servers at once. Returns the number of answers by status. */
  async ask({ key }: OrgKey, count: number): Promise<Record<number, number>> {
    const client = new HttpClient(key);
    const asked = Array.from({ length: count }, (_, at) => client.ask(this.servers[at % 3]!.url, { path: '/whoami' }));
    const counts: Record<number, number> = {};
    for (const { status } of await Promise.all(asked)) counts[status] = (counts[status] ?? 0) + 1;
    client.close();
    return counts;
  }

  /** Requests that are sent continuously while Redis fails. */
  steady(key: OrgKey): SteadyRequests {
    return new SteadyRequests(this.servers, key);
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await this.installation.close();
  }
}

export class SteadyRequests {
  /** By status, or by the error of the connection. */
  readonly answers: Record<number | string, number> = {};
  #slowestMs = 0;
  #requests = 0;
  readonly #client: HttpClient;
  readonly #load: Load;

  constructor(servers: readonly ServerProcess[], { key }: OrgKey) {
    this.#client = new HttpClient(key);
    this.#load = new Load(9, async () => {
      const startedAt = performance.now();
      const status = await this.#client.ask(random(servers).url, { path: '/whoami' }).then(
        (answer) => answer.status,
        (error: Error) => error.message,
      );
      this.answers[status] = (this.answers[status] ?? 0) + 1;
      this.#requests++;
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - startedAt);
      await sleep(Math.random() * PAUSE_MS_MAX);
    });
  }

  async waitForAnswers(): Promise<void> {
    const requests = this.#requests;
    await until('a hundred more requests are answered', () => this.#requests > requests + 100);
  }

  async stop(title: string): Promise<void> {
    await this.#load.stop();
    this.#client.close();
    const { 200: passed = 0 } = this.answers;
    report(title, { requests: this.#requests, passed, 'slowest ms': this.#slowestMs });
  }
}
