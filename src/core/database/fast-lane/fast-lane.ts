import type { DataSource, QueryRunner } from 'typeorm';
import type { Config } from '../../config/config.js';
import type { DatabaseAddress } from '../connection-settings.js';
import { poolOf } from '../data-source.js';
import type { Probe } from '../queueing-pool.js';
import { PipelinedInserts } from './pipelined-inserts.js';
import { PipelinedReads } from './pipelined-reads.js';
import { runPlainly } from './plain-query.js';
import { PreparedInserts } from './prepared-insert.js';
import { PooledReads, type PreparedReads } from './prepared-read.js';
import { ProbeConnection } from './probe-connection.js';
import { startInOneMessage, startInTwoMessages } from './start-transaction.js';
import { runAsText } from './text-query.js';

export type { PreparedInsert } from './prepared-insert.js';
export type { PreparedRead, PreparedReads } from './prepared-read.js';

/**
 * How single statements of one text column reach Postgres: by the tricks that docs/decisions/0034-fast-lane.md lists, or
 * by pg's public interface (`DATABASE_FAST_LANE=off`).
 */
export interface FastLane {
  /** For statements that are quick by construction: one row by its key, one page by its index. */
  readonly reads: PreparedReads;
  /** For statements that may take their time, and must not hold up others. */
  readonly slowReads: PreparedReads;
  readonly inserts: PreparedInserts;
  /** Takes no connection of a pool. */
  readonly probe: Probe;
  /** Until then, inserts take the pool: a command has too few to open lanes for. */
  openInsertLanes(): Promise<void>;
  close(): Promise<void>;
}

/** Those whose fast lane is on. */
const fastDataSources = new WeakSet<DataSource>();

/** @param dataSource open; its pool gets a probe */
export function openFastLane(
  setting: Config['databaseFastLane'],
  address: DatabaseAddress,
  dataSource: DataSource,
): Promise<FastLane> {
  return setting === 'on' ? openFast(address, dataSource) : openPlain(address, dataSource);
}

async function openFast(address: DatabaseAddress, dataSource: DataSource): Promise<FastLane> {
  fastDataSources.add(dataSource);
  const pool = poolOf(dataSource);
  const slowReads = new PooledReads(pool, runAsText);
  const reads = await PipelinedReads.open(address, slowReads);
  const probe: Probe = (statement, values) => reads.run(statement, values);
  pool.probeBy(probe);
  let lanes: PipelinedInserts | undefined;
  const inserts = new PreparedInserts(dataSource, (...insert) => lanes?.run(...insert) ?? runAsText(...insert));
  const openInsertLanes = async () => void (lanes = await PipelinedInserts.open(address));
  const close = async () => void (await Promise.all([reads.close(), lanes?.close()]));
  return { reads, slowReads, inserts, probe, openInsertLanes, close };
}

async function openPlain(address: DatabaseAddress, dataSource: DataSource): Promise<FastLane> {
  const pool = poolOf(dataSource);
  const connection = await ProbeConnection.open(address);
  const probe: Probe = (statement, values) => connection.run(statement, values);
  pool.probeBy(probe);
  return {
    reads: new PooledReads(pool, runPlainly),
    slowReads: new PooledReads(pool, runPlainly),
    inserts: new PreparedInserts(dataSource, runPlainly),
    probe,
    openInsertLanes: async () => undefined,
    close: () => connection.close(),
  };
}

/** Starts a transaction and runs `statement` in it, before anything else. */
export function startTransactionWith(runner: QueryRunner, statement: string): Promise<void> {
  const start = fastDataSources.has(runner.dataSource) ? startInOneMessage : startInTwoMessages;
  return start(runner, statement);
}
