import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { isPartitionMissing } from '../../core/errors/postgres-error.js';
import { LogDays } from './log-days.js';
import type { RequestLogEntry } from './request-log-entry.entity.js';

/** An entry with its id, so that storing it twice stores it once. */
export interface StoredEntry extends Omit<RequestLogEntry, 'at'> {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

const COLUMNS = [
  'id',
  'at',
  'request_id',
  'method',
  'route',
  'service',
  'status',
  'outcome',
  'code',
  'guard',
  'reason',
  'message',
  'api_key_id',
  'credential_id',
  'org_id',
  'partner_id',
  'service_id',
  'client_address',
  'country',
  'user_agent',
  'duration_ms',
  'weight',
].join(', ');

/** One parameter for the whole batch: an array for each column takes more time on both sides. */
const INSERT = {
  name: 'request-log-insert',
  text: `INSERT INTO request_log (${COLUMNS})
    SELECT ${COLUMNS} FROM json_populate_recordset(NULL::request_log, $1) ON CONFLICT (id) DO NOTHING`,
};

/** Stores entries in the partitions of their days. */
@Injectable()
export class LogStore {
  constructor(
    private readonly database: Database,
    private readonly days: LogDays,
  ) {}

  /** Stores a batch in one statement. A retry after a lost answer adds nothing. */
  async insert(entries: readonly StoredEntry[]): Promise<void> {
    const rows = JSON.stringify(entries.map(({ atMs, ...entry }) => ({ ...entry, at: new Date(atMs) })));
    const times = entries.map(({ atMs }) => atMs);
    await this.days.assureFor(times);
    try {
      await this.database.pool.query({ ...INSERT, values: [rows] });
    } catch (error) {
      if (!isPartitionMissing(error)) throw error;
      // Another process, whose clock is ahead, has dropped the day.
      this.days.forget();
      await this.days.assureFor(times);
      await this.database.pool.query({ ...INSERT, values: [rows] });
    }
  }
}
