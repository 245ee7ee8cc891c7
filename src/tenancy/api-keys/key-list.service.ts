import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import type { WireJson } from '../../core/wire/wire-json.js';
import { lastUsedSql } from '../../kit/usage/usage-sql.js';
import { Usage } from '../../kit/usage/usage.service.js';
import { LABEL_FILTERS } from './key-labels.js';
import type { LabelQuery } from './key-labels.dto.js';
import type { ListedKeys } from './listed-key.dto.js';

const FILTERS = Object.entries(LABEL_FILTERS);

/** Reads all keys of an org at once, also revoked ones. */
@Injectable()
export class KeyList {
  readonly #read: PreparedRead;

  constructor(
    database: Database,
    private readonly usages: Usage,
  ) {
    this.#read = database.slowReads.prepare('key-list', LIST);
  }

  /** Newest first. Counts this process's unsaved requests too. */
  async read(orgId: string, labels: LabelQuery): Promise<WireJson<ListedKeys>> {
    await this.usages.flush();
    const values = FILTERS.map(([name]) => labels[name as keyof LabelQuery] ?? null);
    return (await this.#read.json<ListedKeys>([orgId, ...values]))!;
  }
}

const TIMES = ['created_at', 'expires_at', 'revoked_at'].map((column) => `${instantAsText(column)} AS ${column}`);

/** A `ListedKey`. */
const ITEM = `(
  SELECT row_to_json(wire)::text FROM (
    SELECT id AS api_key_id, name, masked_key, ${TIMES.join(', ')},
      ${instantAsText(lastUsedSql('api_keys.id'))} AS last_used_at, metadata, tags, external_id
  ) wire)`;

/** $1: the org; the others: a value of each filter, or NULL. Postgres makes the JSON: an org can have thousands of keys. */
const LIST = `
  SELECT '{"data":[' || coalesce(string_agg(${ITEM}, ',' ORDER BY id DESC), '') || ']}' FROM api_keys
  WHERE org_id = $1 AND ${FILTERS.map(([, { condition }], index) => isGivenAnd(`$${index + 2}`, condition)).join(' AND ')}`;

function isGivenAnd(parameter: string, condition: (parameter: string) => string): string {
  return `(${parameter}::text IS NULL OR ${condition(parameter)})`;
}
