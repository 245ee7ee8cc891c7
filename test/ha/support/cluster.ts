import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import pg from 'pg';
import { runMigrations } from '../../../src/core/database/migrate.js';
import type { Child } from '../../support/child-process.js';
import { openPool } from '../../support/open-pool.js';
import { until } from '../../support/until.js';
import type { Host } from './host.js';
import type { Network } from './network.js';

const DEPLOYED = resolve(import.meta.dirname, '..', '..', '..', 'deploy', 'ha');
const FILES = ['patroni.yml', 'create-database.sh', 'etcd.env', 'haproxy.cfg'];
const PROGRAMS = '/usr/sbin:/usr/bin:/sbin:/bin';
/** For answers of a node that may be away. */
const ANSWER_DEADLINE_MS = 20_000;
/** Shared memory of killed programs is removed with the folder. */
const REMOVABLE = { dynamic_shared_memory_type: 'mmap' };

interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly timeline?: number;
}

/** Three nodes, each with etcd, Patroni and Postgres, and any number of HAProxys, all with the files of deploy/ha. */
export class Cluster {
  private readonly programs = new Map<Host, Readonly<Record<'etcd' | 'patroni', Child>>>();
  private readonly passwords = Object.fromEntries(
    ['PATRONI_SUPERUSER_PASSWORD', 'PATRONI_REPLICATION_PASSWORD', 'OWNER_PASSWORD', 'SERVER_PASSWORD'].map((name) => [
      name,
      randomBytes(16).toString('hex'),
    ]),
  );

  private constructor(
    readonly nodes: readonly Host[],
    private readonly folder: string,
  ) {}

  /** Resolves once all nodes run, one of them as the synchronous standby. */
  static async start(network: Network): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-ha-'));
    await chmod(folder, 0o755);
    await copyFiles(folder);
    const cluster = new Cluster(
      ['db1', 'db2', 'db3'].map((name) => network.addHost(name)),
      folder,
    );
    for (const node of cluster.nodes) await cluster.startNode(node);
    await cluster.isWhole();
    return cluster;
  }

  async removeFiles(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Starts etcd and Patroni, which starts Postgres. Their data is kept from an earlier start. */
  async startNode(node: Host): Promise<void> {
    const data = await this.ownFolder(node.name);
    const peers = this.nodes.map(({ name, back }) => `${name}=http://${back}:2380`);
    const etcd = node.start(['etcd'], {
      ...this.etcdSettings(),
      PATH: PROGRAMS,
      ETCD_NAME: node.name,
      ETCD_DATA_DIR: join(data, 'etcd'),
      ETCD_ADVERTISE_CLIENT_URLS: `http://${node.back}:2379`,
      ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://${node.back}:2380`,
      ETCD_INITIAL_CLUSTER: peers.join(','),
    });
    const patroni = node.start(['patroni', join(this.folder, 'patroni')], {
      ...this.passwords,
      // The folder has create-database.sh.
      PATH: `${this.folder}:${PROGRAMS}`,
      LC_ALL: 'C.UTF-8',
      PATRONI_NAME: node.name,
      PATRONI_RESTAPI_CONNECT_ADDRESS: `${node.back}:8008`,
      PATRONI_POSTGRESQL_CONNECT_ADDRESS: `${node.back}:5432`,
      PATRONI_ETCD_HOSTS: this.nodes.map(({ back }) => `${back}:2379`).join(','),
      PATRONI_POSTGRESQL_DATA_DIR: join(data, 'postgres'),
      PATRONI_POSTGRESQL_BIN_DIR: postgresPrograms(),
    });
    this.programs.set(node, { etcd, patroni });
  }

  /** Patroni hangs, and Postgres goes on. */
  pausePatroni(node: Host): void {
    this.programs.get(node)!.patroni.signal('SIGSTOP');
  }

  resumePatroni(node: Host): void {
    this.programs.get(node)!.patroni.signal('SIGCONT');
  }

  /** Starts an HAProxy, which leads to the primary on port 5432. */
  startProxy(host: Host): Child {
    const addresses = this.nodes.map(({ name, back }) => [name.toUpperCase(), back]);
    const command = ['haproxy', '-db', '-f', join(this.folder, 'haproxy.cfg')];
    return host.start(command, { PATH: PROGRAMS, BIND: '0.0.0.0', ...Object.fromEntries(addresses) });
  }

  /** The URL of the database for its owner. */
  ownerUrl(address: string): string {
    return `postgres://gatehouse_owner:${this.passwords['OWNER_PASSWORD']}@${address}:5432/gatehouse`;
  }

  /** The URL of the database for servers. */
  serverUrl(address: string): string {
    return `postgres://gatehouse_server:${this.passwords['SERVER_PASSWORD']}@${address}:5432/gatehouse`;
  }

  /** Creates the tables, once HAProxy leads to the primary. */
  async migrate(address: string): Promise<void> {
    const pool = openPool(this.ownerUrl(address), 1);
    await until('HAProxy leads to the primary', () =>
      pool.query('SELECT').then(
        () => true,
        () => false,
      ),
    );
    await pool.end();
    await runMigrations(this.ownerUrl(address), this.serverUrl(address));
  }

  /** The one of these nodes that is the primary. Of two, the one that was promoted last. */
  async primary(nodes = this.nodes): Promise<Host | undefined> {
    const states = await Promise.all(nodes.map((node) => this.stateOf(node)));
    const primaries = nodes
      .map((node, at) => ({ node, timeline: states[at]?.role === 'master' ? (states[at].timeline ?? 0) : 0 }))
      .filter(({ timeline }) => timeline > 0);
    return primaries.toSorted((one, other) => other.timeline - one.timeline)[0]?.node;
  }

  async otherPrimary(than: Host): Promise<Host> {
    // The old one may hang, and is not waited for.
    const others = this.nodes.filter((node) => node !== than);
    let found: Host | undefined;
    await until(`another primary than ${than.name}`, async () => (found = await this.primary(others)) !== undefined, {
      everyMs: 50,
    });
    return found!;
  }

  /** Waits until a primary, a synchronous standby and another standby run, and both standbys have what the primary has. */
  async isWhole(): Promise<void> {
    await until('the cluster is whole', async () => {
      for (const [node, programs] of this.programs) {
        const ended = Object.values(programs).find(({ isRunning }) => !isRunning);
        if (ended) throw new Error(`a program of ${node.name} ended: ${ended.output.slice(-2_000)}`);
      }
      const roles = (await this.members()).map(({ role }) => role).toSorted();
      return roles.join() === 'leader,replica,sync_standby' && (await this.areStandbysUpToDate());
    });
  }

  /** The states in etcd may be old after a cut, so this asks the primary itself. */
  private async areStandbysUpToDate(): Promise<boolean> {
    const primary = await this.primary();
    if (primary === undefined) return false;
    const url = `postgres://postgres:${this.passwords['PATRONI_SUPERUSER_PASSWORD']}@${primary.front}:5432/postgres`;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_DEADLINE_MS });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ lsn: string }>('SELECT pg_current_wal_lsn() AS lsn');
      const standbys = `SELECT count(*)::int AS count FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn >= $1`;
      const found = async () => (await client.query<{ count: number }>(standbys, [rows[0]!.lsn])).rows[0]!.count;
      await until('the standbys replay', async () => (await found()) === this.nodes.length - 1, {
        withinMs: ANSWER_DEADLINE_MS,
      });
      return true;
    } catch {
      // Asked again: the primary may have changed.
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async switchOver(): Promise<void> {
    const members = await this.members();
    const named = (role: string) => members.find((member) => member.role === role)!.name;
    const body = JSON.stringify({ leader: named('leader'), candidate: named('sync_standby') });
    const { front } = this.nodes[0]!;
    const answer = await fetch(`http://${front}:8008/switchover`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`the switchover was refused: ${await answer.text()}`);
  }

  /** A primary without a synchronous standby accepts no writes from now on. */
  async setStrict(): Promise<void> {
    const body = JSON.stringify({ synchronous_mode_strict: true });
    const answer = await fetch(`http://${this.nodes[0]!.front}:8008/config`, { method: 'PATCH', body });
    if (!answer.ok) throw new Error(`the setting was refused: ${await answer.text()}`);
    await this.isWhole();
  }

  private async members(): Promise<readonly Member[]> {
    for (const { front } of this.nodes) {
      const answer = await get<{ members: Member[] }>(`http://${front}:8008/cluster`);
      if (answer !== undefined) return answer.members;
    }
    return [];
  }

  private stateOf({ front }: Host): Promise<Pick<Member, 'role' | 'timeline'> | undefined> {
    return get(`http://${front}:8008/patroni`);
  }

  private etcdSettings(): Record<string, string> {
    return parseEnv(readFileSync(join(this.folder, 'etcd.env'), 'utf8')) as Record<string, string>;
  }

  private async ownFolder(name: string): Promise<string> {
    const folder = join(this.folder, name);
    await promisify(execFile)('install', ['--directory', '--owner=postgres', folder]);
    return folder;
  }
}

/** The user of Postgres may not be allowed to enter the checkout. */
async function copyFiles(folder: string): Promise<void> {
  for (const file of FILES) await copyFile(join(DEPLOYED, file), join(folder, file));
  // Patroni merges the files of a folder.
  await mkdir(join(folder, 'patroni'));
  await rename(join(folder, 'patroni.yml'), join(folder, 'patroni', '1.yml'));
  await writeFile(join(folder, 'patroni', '2.yml'), JSON.stringify({ postgresql: { parameters: REMOVABLE } }));
}

/** Undefined: the node is away. */
async function get<Body>(url: string): Promise<Body | undefined> {
  try {
    return (await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_DEADLINE_MS) })).json()) as Body;
  } catch {
    return undefined;
  }
}

/** The folder of the newest Postgres of the system. */
function postgresPrograms(): string {
  const found = globSync('/usr/lib/postgresql/*/bin/pg_rewind').toSorted((one, other) =>
    one.localeCompare(other, 'en', { numeric: true }),
  );
  return dirname(found.at(-1)!);
}
