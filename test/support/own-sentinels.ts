import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Child } from './child-process.js';
import { freePort } from './free-port.js';
import { OwnRedis } from './own-redis.js';
import { REDIS_PROGRAM } from './system-programs.js';
import { until } from './until.js';

const SENTINELS = 3;
export const MASTER_NAME = 'limits';
/** Until a sentinel thinks that the master is down. */
const DOWN_AFTER_MS = 1_000;

/** Passwords of the servers and of the sentinels. */
export interface SentinelPasswords {
  readonly servers: string;
  readonly sentinels: string;
}

/** A master with a replica, and three sentinels that watch them. */
export class OwnSentinels {
  private constructor(
    readonly servers: readonly [OwnRedis, OwnRedis],
    private readonly sentinels: readonly Sentinel[],
    private readonly passwords: SentinelPasswords,
  ) {}

  static async start(passwords: SentinelPasswords): Promise<OwnSentinels> {
    const auth = ['--requirepass', passwords.servers, '--masterauth', passwords.servers];
    const settings = [...auth, '--repl-diskless-sync-delay', '0'];
    const master = await OwnRedis.start(settings);
    const replica = await OwnRedis.start([...settings, '--replicaof', `127.0.0.1 ${master.port}`]);
    await until('the replica is in sync', async () =>
      (await ask(replica.port, passwords.servers, (inside) => inside.info('replication'))).includes('link_status:up'),
    );
    const sentinels = await Promise.all(
      Array.from({ length: SENTINELS }, () => Sentinel.start(master.port, passwords)),
    );
    const own = new OwnSentinels([master, replica], sentinels, passwords);
    await until('the sentinels know each other and the replica', async () => {
      const states = await Promise.all(sentinels.map(({ port }) => own.#stateOf(port)));
      return states.every((state) => state['num-other-sentinels'] === '2' && state['num-slaves'] === '1');
    });
    return own;
  }

  get url(): string {
    const hosts = this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return `redis+sentinel://:${this.passwords.servers}@${hosts}/${MASTER_NAME}`;
  }

  /** The server that the sentinels take for the master. */
  async master(): Promise<OwnRedis> {
    const { port } = await this.#stateOf(this.sentinels[0]!.port);
    return this.servers.find((server) => String(server.port) === port)!;
  }

  /** Makes the replica the master, as an operator does. */
  async switchOver(): Promise<void> {
    await ask(this.sentinels[0]!.port, this.passwords.sentinels, (inside) =>
      inside.call('SENTINEL', 'FAILOVER', MASTER_NAME),
    );
  }

  /** Does what the sentinels would do to a former master some seconds later. */
  async makeReplica(former: OwnRedis): Promise<void> {
    const { port } = await this.master();
    await ask(former.port, this.passwords.servers, (inside) => inside.replicaof('127.0.0.1', port));
    await until('it is the replica', () => this.isInSync());
  }

  /** The replica is connected to its master, and would take over its counters. */
  async isInSync(): Promise<boolean> {
    const master = await this.master();
    const info = await ask(master.port, this.passwords.servers, (inside) => inside.info('replication'));
    return /state=online,offset=(\d+)/.exec(info)?.[1] === /master_repl_offset:(\d+)/.exec(info)?.[1];
  }

  async close(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((each) => each.close()));
  }

  async #stateOf(port: number): Promise<Record<string, string>> {
    const answer = await ask(port, this.passwords.sentinels, (inside) =>
      inside.call('SENTINEL', 'MASTER', MASTER_NAME),
    );
    const entries = answer as string[];
    return Object.fromEntries(entries.flatMap((name, at) => (at % 2 === 0 ? [[name, entries[at + 1]!]] : [])));
  }
}

class Sentinel {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly child: Child,
  ) {}

  static async start(masterPort: number, passwords: SentinelPasswords): Promise<Sentinel> {
    const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'gatehouse-sentinel-'))];
    const file = join(folder, 'sentinel.conf');
    await writeFile(
      file,
      [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${folder}`,
        `requirepass ${passwords.sentinels}`,
        `sentinel sentinel-pass ${passwords.sentinels}`,
        `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${masterPort} 2`,
        `sentinel auth-pass ${MASTER_NAME} ${passwords.servers}`,
        `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
        `sentinel failover-timeout ${MASTER_NAME} 10000`,
      ].join('\n'),
    );
    const child = new Child(REDIS_PROGRAM, [file, '--sentinel'], { cwd: folder });
    await until('the sentinel watches', () => {
      if (!child.isRunning) throw new Error(`the sentinel ended: ${child.output}`);
      return child.output.includes('+monitor master');
    });
    return new Sentinel(port, folder, child);
  }

  async close(): Promise<void> {
    await this.child.end('SIGKILL');
    await rm(this.folder, { recursive: true });
  }
}

async function ask<T>(port: number, password: string, question: (inside: Redis) => Promise<T>): Promise<T> {
  const inside = new Redis({ port, password, enableReadyCheck: false });
  inside.on('error', () => undefined);
  try {
    return await question(inside);
  } finally {
    inside.disconnect();
  }
}
