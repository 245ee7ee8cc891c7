import { Inject, Injectable } from '@nestjs/common';
import { KeyFindingCounts } from '../../access/ports/key-finding-counts.js';
import { CONFIG, type Config, type Limits } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { RecentRead } from '../../core/database/recent-read.js';
import { keyFactsSql } from './key-facts-sql.js';
import { KEY_FINDINGS, type KeyFinding } from './key-findings.js';

/** Findings are about days. */
const KEPT_MS = 5 * 60_000;
/** Small enough for the statement timeout. */
const KEYS_PER_BATCH = 5_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

interface Batch {
  readonly last_id: string | null;
  readonly counts: Partial<Record<KeyFinding, number>>;
}

/** Counts when it is asked, at most every few minutes. Scrapes meanwhile share the count. */
@Injectable()
export class CountedFindings extends KeyFindingCounts {
  readonly #recent: RecentRead<ReadonlyMap<string, number>>;

  constructor(database: Database, @Inject(CONFIG) { limits }: Config) {
    super();
    const batch = database.slowReads.prepare('key-finding-counts', batchSql(limits));
    this.#recent = new RecentRead(KEPT_MS, () => this.#count(batch));
  }

  override read(): Promise<ReadonlyMap<string, number>> {
    return this.#recent.get();
  }

  async #count(counting: PreparedRead): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>(KEY_FINDINGS.map((code) => [code, 0]));
    let after: string | null = FIRST_ID;
    while (after !== null) {
      const batch: Batch = (await counting.row<Batch>([after]))!;
      for (const [code, number] of Object.entries(batch.counts)) counts.set(code, counts.get(code)! + number);
      after = batch.last_id;
    }
    return counts;
  }
}

/** The counts of the next keys after $1 in the order of their ids, whose org is not archived. */
function batchSql(limits: Limits): string {
  const keys = `(
    SELECT * FROM api_keys WHERE id > $1 AND org_id IS NOT NULL ORDER BY id LIMIT ${KEYS_PER_BATCH}
  ) api_keys`;
  return `
    WITH facts AS MATERIALIZED (SELECT * FROM ${keyFactsSql(limits, keys, 'new')} facts)
    SELECT json_build_object(
      'last_id', (SELECT id FROM facts ORDER BY id DESC LIMIT 1),
      'counts', (SELECT coalesce(json_object_agg(code, keys), '{}') FROM (
        SELECT code, count(*) AS keys FROM facts JOIN orgs ON orgs.id = org_id CROSS JOIN unnest(findings) code
        WHERE archived_at IS NULL GROUP BY code
      ) found)
    )::text`;
}
