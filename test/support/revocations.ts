import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from './http-client.js';
import type { Installation, OrgKey } from './installation.js';
import { eachOf, isByHand, Load, percentile, random } from './load.js';
import type { ServerProcess } from './server-process.js';
import { until } from './until.js';

/** A key's state as this process knows it: counts, not clocks, so that two events are never at the same time. */
interface Watched extends OrgKey {
  /** A call to end it was sent; until then it must work. */
  isDoomed: boolean;
  /** Set in the tick in which that call's answer was read. */
  deadSince: number;
}

/** One call that ends keys: a key's own revocation, or its whole org's end. */
interface Ending {
  readonly path: string;
  readonly keys: readonly Watched[];
}

export interface RevocationFigures {
  calls: number;
  keys: number;
  /** Of the calls that were answered 204, in milliseconds. */
  readonly callMs: number[];
  /** Calls that had to be made again: the server died, or its database was away. */
  calledAgain: number;
  requests: number;
  startedAfterAnswer: number;
  /** Requests that started after the answer and were let in: what must not be. */
  readonly letIn: string[];
  /** Answers that nothing explains. */
  readonly unexpected: string[];
}

/** When a revoked key is tried, counted from the answer: at once, and long enough for a late fill to do harm. */
const TRIED_AFTER_MS = [0, 2, 8, 30, 150, 700, 1_500, 2_600];
const FIRST_CALL_MS = 30;
const WORKERS_PER_SERVER = 4;
/** Between two requests of a worker: the load is to be there, and in CI other tests beside it. */
const PAUSE_MS_MAX = isByHand() ? 8 : 40;
const RECENT = 40;

/**
 * Revokes keys through random servers while all of them are used everywhere, and judges every answer. The oracle and
 * the revoker are this one process: a request's start is noted before it is written.
 */
export class Revocations {
  readonly figures: RevocationFigures = {
    calls: 0,
    keys: 0,
    callMs: [],
    calledAgain: 0,
    requests: 0,
    startedAfterAnswer: 0,
    letIn: [],
    unexpected: [],
  };
  private ticks = 0;
  private inUse: Watched[] = [];
  /** Of all keys: with connections of its own for each, there are more of them than a process may have. */
  private readonly client = new HttpClient();
  private readonly open = new Set<Promise<void>>();
  private load: Load | undefined;

  /** @param servers read at every request, so that one that was started again can take its place */
  constructor(
    private readonly installation: Installation,
    private readonly servers: readonly ServerProcess[],
  ) {}

  startLoad(): void {
    this.load = new Load(this.servers.length * WORKERS_PER_SERVER, async () => {
      // Whom a stopped server doesn't answer goes on with the others.
      if (this.inUse.length > 0) await Promise.race([this.use(random(this.inUse), random(this.servers)), sleep(50)]);
      await sleep(Math.random() * PAUSE_MS_MAX);
    });
  }

  /** Revokes each by a call of its own. */
  async revokeKeys(keys: readonly OrgKey[], atOnce: number): Promise<void> {
    await eachOf(keys, atOnce, async (key, index) => {
      const path = `/partner/v1/orgs/${key.orgId}/api-keys/${key.id}`;
      await this.end({ path, keys: this.watch([key]) }, index % 2 === 0 ? 1 : 0);
    });
  }

  /** Ends all keys of an org by one call. */
  async archiveOrg(orgId: string, keys: readonly OrgKey[]): Promise<void> {
    await this.end({ path: `/partner/v1/orgs/${orgId}`, keys: this.watch(keys) }, keys.length / 4);
  }

  /**
   * Waits for every request that was sent.
   * @throws Error when one is never answered
   */
  async settle(): Promise<void> {
    await this.load?.stop();
    await until('every request is answered', () => this.open.size === 0);
    this.client.close();
  }

  private watch(keys: readonly OrgKey[]): Watched[] {
    return keys.map((key) => ({ ...key, isDoomed: false, deadSince: Infinity }));
  }

  /**
   * @param warmCount of the keys are in every server's memory by then; each server meets the others for the first time
   *   at some moment during the call, so that it overtakes their reads
   */
  private async end(ending: Ending, warmCount: number): Promise<void> {
    const warm = ending.keys.slice(0, warmCount);
    this.inUse.push(...warm);
    const warming = warm.flatMap((key) => this.servers.map((server) => this.use(key, server)));
    await Promise.race([Promise.all(warming), sleep(200)]);
    const expectedMs = percentile(this.figures.callMs.slice(-20), 75) || FIRST_CALL_MS;
    for (const key of ending.keys.slice(warmCount)) {
      for (const server of this.servers) this.useAfter(key, server, Math.random() * expectedMs);
    }
    await this.call(ending);
    this.inUse = [...this.inUse.slice(-RECENT), ...ending.keys];
    for (const ms of TRIED_AFTER_MS) {
      for (const key of ending.keys) for (const server of this.servers) this.useAfter(key, server, ms);
    }
  }

  private async call({ path, keys }: Ending): Promise<void> {
    for (const key of keys) key.isDoomed = true;
    for (;;) {
      const calledAt = performance.now();
      const onHead = (status: number) => {
        if (status !== 204) return;
        this.ticks++;
        for (const key of keys) key.deadSince = this.ticks;
        this.figures.callMs.push(performance.now() - calledAt);
      };
      const status = await this.installation.partner
        .ask(random(this.servers).url, { method: 'DELETE', path, onHead })
        .then((answer) => answer.status)
        .catch(() => undefined);
      if (status === 204) break;
      // Nothing was promised; another server is asked.
      if (status !== undefined && status !== 503) this.figures.unexpected.push(`${status} to DELETE ${path}`);
      this.figures.calledAgain++;
      await sleep(20);
    }
    this.figures.calls++;
    this.figures.keys += keys.length;
  }

  private useAfter(key: Watched, server: ServerProcess, ms: number): void {
    this.keepOpen(sleep(ms).then(() => this.use(key, server)));
  }

  private use(key: Watched, server: ServerProcess): Promise<void> {
    const startedAt = ++this.ticks;
    const isAfterAnswer = startedAt > key.deadSince;
    const asked = this.client
      .ask(server.url, { path: '/whoami', headers: { Authorization: `Bearer ${key.key}` } })
      .then(
        ({ status }) => {
          this.figures.requests++;
          if (isAfterAnswer) this.figures.startedAfterAnswer++;
          if (isAfterAnswer && status === 200) this.figures.letIn.push(`${key.id} by process ${server.pid}`);
          if (status === 401 ? !key.isDoomed : status !== 200 && status !== 503) {
            this.figures.unexpected.push(`${status} by process ${server.pid}`);
          }
        },
        // A server that was killed, or is not there yet.
        () => undefined,
      );
    this.keepOpen(asked);
    return asked;
  }

  private keepOpen(work: Promise<void>): void {
    const tracked: Promise<void> = work.finally(() => this.open.delete(tracked));
    this.open.add(tracked);
  }
}
