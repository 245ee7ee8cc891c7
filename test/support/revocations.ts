import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from './http-client.js';
import type { Installation, OrgKey } from './installation.js';
import { eachOf, isByHand, Load, percentile, random } from './load.js';
import type { ServerProcess } from './server-process.js';
import { until } from './until.js';

/** A key's state as seen by this process. Times are counters, so that no two events are equal. */
interface Watched extends OrgKey {
  /** A revoking call was sent. Until then, the key must be accepted. */
  isRevoking: boolean;
  /** The time at which the answer to the revoking call was read. */
  revokedAt: number;
}

/** Where requests with the keys are sent. */
export interface Entrance {
  readonly url: string;
  readonly path: string;
}

/** A call that revokes keys: one key, or all keys of an archived org. */
interface Ending {
  readonly path: string;
  readonly keys: readonly Watched[];
}

export interface RevocationFigures {
  calls: number;
  keys: number;
  /** The durations of the calls that were answered with 204, in milliseconds. */
  readonly callMs: number[];
  /** The number of repeated calls, after a crash of the server or a database outage. */
  calledAgain: number;
  requests: number;
  startedAfterAnswer: number;
  /** Requests that started after the answer and were accepted. Must be empty. */
  readonly letIn: string[];
  /** Answers that are wrong in every state of the key. */
  readonly unexpected: string[];
}

/** When a revoked key is tried, after the answer: at once, and until after a late cache fill. */
const TRIED_AFTER_MS = [0, 2, 8, 30, 150, 700, 1_500, 2_600];
const FIRST_CALL_MS = 30;
const CALL_EVERY_MS = 60;
const CALLS_AT_ONCE_MAX = 40;
/** The ids of requests that started after the answer begin with it. */
export const AFTER_ANSWER = 'after';
const WORKERS_PER_SERVER = 4;
/** The pause between requests of a worker. Longer in CI, where other tests run at the same time. */
const PAUSE_MS_MAX = isByHand() ? 8 : 40;
const RECENT = 40;

/**
 * Revokes keys through random servers while all servers receive requests with them, and checks every answer. One
 * process sends both, so that it knows the order of answers and requests.
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
  /** Shared by all keys, because connections per key would exceed the limit of open files. */
  private readonly client = new HttpClient();
  private readonly open = new Set<Promise<void>>();
  private load: Load | undefined;

  /**
   * @param servers read at every request, so that a restarted server can take its place
   * @param through takes the requests with the keys, such as a proxy before the servers; by default the servers themselves
   * @param callable the servers that take the revoking calls; a stopped server would never answer
   */
  constructor(
    private readonly installation: Installation,
    private readonly servers: readonly ServerProcess[],
    private readonly through?: Entrance,
    private readonly callable = servers,
  ) {}

  startLoad(): void {
    this.load = new Load(this.servers.length * WORKERS_PER_SERVER, async () => {
      // A request that a stopped server doesn't answer must not block the worker.
      if (this.inUse.length > 0) await Promise.race([this.use(random(this.inUse), random(this.servers)), sleep(50)]);
      await sleep(Math.random() * PAUSE_MS_MAX);
    });
  }

  /** Revokes each key by its own call. */
  async revokeKeys(keys: readonly OrgKey[], atOnce: number): Promise<void> {
    await eachOf(keys, atOnce, async (key, index) => {
      const path = `/partner/v1/orgs/${key.orgId}/api-keys/${key.id}`;
      await this.end({ path, keys: this.watch([key]) }, index % 2 === 0 ? 1 : 0);
    });
  }

  /**
   * Revokes keys, one after the other and many at once, until the work is over or no key is left. Concurrent, because a
   * revocation during a dead lease takes two seconds.
   */
  async revokeWhile(work: Promise<void>, keys: OrgKey[], everyMs = CALL_EVERY_MS): Promise<void> {
    let isOver = false;
    const watched = work.finally(() => (isOver = true));
    watched.catch(() => undefined);
    const calls = new Set<Promise<void>>();
    while (!isOver) {
      if (keys.length > 0 && calls.size < CALLS_AT_ONCE_MAX) {
        const call: Promise<void> = this.revokeKeys(keys.splice(0, 1), 1).finally(() => calls.delete(call));
        calls.add(call);
      }
      await sleep(everyMs);
    }
    await Promise.all([watched, ...calls]);
  }

  /** Revokes all keys of an org by one call. */
  async archiveOrg(orgId: string, keys: readonly OrgKey[]): Promise<void> {
    await this.end({ path: `/partner/v1/orgs/${orgId}`, keys: this.watch(keys) }, keys.length / 4);
  }

  /**
   * Waits for all requests.
   * @throws Error if one is never answered
   */
  async settle(): Promise<void> {
    await this.load?.stop();
    await until('every request is answered', () => this.open.size === 0);
    this.client.close();
  }

  private watch(keys: readonly OrgKey[]): Watched[] {
    return keys.map((key) => ({ ...key, isRevoking: false, revokedAt: Infinity }));
  }

  /**
   * @param warmCount the number of keys that every server caches before the call. Each server reads the others for the
   *   first time at a random moment during the call, so that the call overtakes the read.
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
    for (const key of keys) key.isRevoking = true;
    for (;;) {
      const calledAt = performance.now();
      const onHead = (status: number) => {
        if (status !== 204) return;
        this.ticks++;
        for (const key of keys) key.revokedAt = this.ticks;
        this.figures.callMs.push(performance.now() - calledAt);
      };
      const status = await this.installation.partner
        .ask(random(this.callable).url, { method: 'DELETE', path, onHead })
        .then((answer) => answer.status)
        .catch(() => undefined);
      if (status === 204) break;
      // A call with 503 or without an answer has promised nothing: repeat it on a random server.
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
    const isAfterAnswer = startedAt > key.revokedAt;
    const { url, path } = this.through ?? { url: server.url, path: '/whoami' };
    // The id says whether the request may be let in, to whatever it reaches.
    const id = `${isAfterAnswer ? AFTER_ANSWER : 'before'}-${startedAt}`;
    const asked = this.client
      .ask(url, { path, headers: { Authorization: `Bearer ${key.key}`, 'X-Request-Id': id } })
      .then(
        ({ status }) => {
          this.figures.requests++;
          if (isAfterAnswer) this.figures.startedAfterAnswer++;
          if (isAfterAnswer && status === 200) this.figures.letIn.push(`${key.id} by process ${server.pid}`);
          if (status === 401 ? !key.isRevoking : status !== 200 && status !== 503) {
            this.figures.unexpected.push(`${status} by process ${server.pid}`);
          }
        },
        // The server was killed, or has not started yet.
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
