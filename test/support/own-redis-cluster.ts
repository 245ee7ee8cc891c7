import type { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { OwnRedis } from './own-redis.js';
import { until } from './until.js';

const MASTERS = 3;
const SLOTS = 16_384;
/** Until the other nodes agree that a node has failed. */
const NODE_TIMEOUT_MS = 2_000;

/** A node of a cluster. */
export interface ClusterNode {
  readonly redis: OwnRedis;
  /** For commands of the test. */
  readonly inside: Redis;
  readonly id: string;
  readonly busPort: number;
}

/** A cluster of three masters, with or without a replica of each. */
export class OwnRedisCluster {
  private constructor(readonly nodes: readonly ClusterNode[]) {}

  static async start({ hasReplicas }: { hasReplicas: boolean }): Promise<OwnRedisCluster> {
    const nodes = await Promise.all(Array.from({ length: hasReplicas ? 2 * MASTERS : MASTERS }, startNode));
    const cluster = new OwnRedisCluster(nodes);
    await cluster.#form();
    return cluster;
  }

  get url(): string {
    return `redis+cluster://${this.nodes.map(({ redis }) => `127.0.0.1:${redis.port}`).join(',')}`;
  }

  get masters(): readonly ClusterNode[] {
    return this.nodes.slice(0, MASTERS);
  }

  /** The replicas, in the order of their masters. */
  get replicas(): readonly ClusterNode[] {
    return this.nodes.slice(MASTERS);
  }

  /** The node that answers for the slot of a key, as a running node says. */
  async ownerOf(key: string): Promise<ClusterNode> {
    const { inside } = this.nodes.find(({ redis }) => redis.isRunning)!;
    const slot = await inside.cluster('KEYSLOT', key);
    const ranges = await inside.cluster('SLOTS');
    const [, , master] = ranges.find(([from, to]) => from <= slot && slot <= to)!;
    const port = (master as unknown[])[1];
    return this.nodes.find(({ redis }) => redis.port === port)!;
  }

  async master(partnerId: string): Promise<OwnRedis> {
    return (await this.ownerOf(partnerId)).redis;
  }

  /** Waits until a former master that was started again is the replica of its successor. */
  async makeReplica(former: OwnRedis): Promise<void> {
    const { inside } = this.nodes.find(({ redis }) => redis === former)!;
    await until('it is a replica', async () => (await inside.info('replication')).includes('master_link_status:up'));
  }

  async close(): Promise<void> {
    for (const { inside } of this.nodes) inside.disconnect();
    await Promise.all(this.nodes.map(({ redis }) => redis.close()));
  }

  async #form(): Promise<void> {
    const [first, ...others] = this.nodes;
    await Promise.all(this.nodes.map(({ inside }, at) => inside.cluster('SET-CONFIG-EPOCH', at + 1)));
    await Promise.all(
      this.masters.map(({ inside }, at) => {
        const [from, next] = [at, at + 1].map((share) => Math.floor((share * SLOTS) / MASTERS));
        return inside.call('CLUSTER', 'ADDSLOTSRANGE', from!, next! - 1);
      }),
    );
    for (const { redis, busPort } of others) {
      await first!.inside.call('CLUSTER', 'MEET', '127.0.0.1', redis.port, busPort);
    }
    await until('all nodes know each other', async () => {
      const known = await Promise.all(this.nodes.map(({ inside }) => inside.cluster('INFO')));
      return known.every((info) => info.includes(`cluster_known_nodes:${this.nodes.length}\r`));
    });
    for (const [at, { inside }] of this.replicas.entries()) {
      // The node may not have heard of its master by name yet.
      await until('it is a replica', () =>
        inside.cluster('REPLICATE', this.masters[at]!.id).then(
          () => true,
          () => false,
        ),
      );
    }
    await until('all nodes serve', async () => (await Promise.all(this.nodes.map(isServing))).every(Boolean));
  }
}

async function startNode(): Promise<ClusterNode> {
  const busPort = await freePort();
  const redis = await OwnRedis.start([
    ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
    ...['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--cluster-require-full-coverage', 'no'],
    ...['--repl-diskless-sync-delay', '0'],
  ]);
  const inside = redis.connect();
  // A node that a test kills must not fail the test.
  inside.on('error', () => undefined);
  return { redis, inside, id: await inside.cluster('MYID'), busPort };
}

async function isServing({ inside }: ClusterNode): Promise<boolean> {
  const [info, replication] = await Promise.all([inside.cluster('INFO'), inside.info('replication')]);
  const isLinked = replication.includes('role:master') || replication.includes('master_link_status:up');
  return info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}\r`) && isLinked;
}
