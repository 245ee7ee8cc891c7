import pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { poolOf } from '../data-source.js';
import { PipelinedReads } from './pipelined-reads.js';
import { runPlainly } from './plain-query.js';
import { PreparedInserts } from './prepared-insert.js';
import { PooledReads, type PreparedReads } from './prepared-read.js';
import { QueueingPool } from './queueing-pool.js';
import { startInOneMessage, startInTwoMessages } from './start-transaction.js';
import { runAsText } from './text-query.js';

export type { PreparedInsert } from './prepared-insert.js';
export type { PreparedRead, PreparedReads } from './prepared-read.js';

/** `off`: the same over pg's public interface. */
export type FastLaneSetting = 'on' | 'off';

const PROBE = { name: 'probe', text: 'SELECT 1' };

/** How single statements of one text column reach Postgres. */
export interface FastLane {
  /** For statements that are quick by construction: one row by its key, one page by its index. */
  readonly reads: PreparedReads;
  /** For statements that may take their time, and must not hold up others. */
  readonly slowReads: PreparedReads;
  readonly inserts: PreparedInserts;
  /** How many callers wait for a connection of the pool. */
  readonly queueLength: number;
  close(): Promise<void>;
}

/** The class of every pool of the server. */
export function poolClass(setting: FastLaneSetting): typeof pg.Pool {
  return setting === 'on' ? QueueingPool : pg.Pool;
}

/** @param dataSource open, on a pool of `poolClass` */
export async function openFastLane(url: string, dataSource: DataSource): Promise<FastLane> {
  const pool = poolOf(dataSource);
  if (!(pool instanceof QueueingPool)) {
    return {
      reads: new PooledReads(pool, runPlainly),
      slowReads: new PooledReads(pool, runPlainly),
      inserts: new PreparedInserts(dataSource, runPlainly),
      get queueLength() {
        return pool.waitingCount;
      },
      close: async () => undefined,
    };
  }
  const slowReads = new PooledReads(pool, runAsText);
  const reads = await PipelinedReads.open(url, slowReads);
  pool.probeBy(() => reads.run(PROBE, []));
  return {
    reads,
    slowReads,
    inserts: new PreparedInserts(dataSource, runAsText),
    get queueLength() {
      return pool.queueLength;
    },
    close: () => reads.close(),
  };
}

/** Starts a transaction and runs `statement` in it, before anything else. */
export function startTransactionWith(runner: QueryRunner, statement: string): Promise<void> {
  const isFast = poolOf(runner.dataSource) instanceof QueueingPool;
  return isFast ? startInOneMessage(runner, statement) : startInTwoMessages(runner, statement);
}
