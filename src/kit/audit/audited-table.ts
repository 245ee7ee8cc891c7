import type { EntityManager } from 'typeorm';
import type { EntityClass } from '../../core/database/data-source.js';
import type { Database } from '../../core/database/database.js';
import { rowAsJson } from '../../core/database/row-as-json.js';
import { type AuditedSetting, withheld } from './audited-setting.js';
import type { WatchedSetting } from './setting-changes.js';

export interface AuditedTableOptions extends AuditedSetting {
  /** The column that tells an org's rows apart; null: there is one for each org. `id` by default. */
  readonly key?: string | null;
  /** Fields of the row that are no columns: name → SQL. */
  readonly computed?: Readonly<Record<string, string>>;
}

/** A table of settings, as the audit reads it: what the wire shows of a row, and whether a sealed column changed. */
export class AuditedTable {
  readonly #setting: AuditedSetting;
  readonly #sql: string;
  readonly #key: string | null;

  constructor(database: Database, entity: EntityClass, { key = 'id', computed, ...setting }: AuditedTableOptions) {
    const { sealed = [], shownAs } = setting;
    const metadata = database.dataSource.getMetadata(entity);
    const digests = sealed.map((column) => [column, `encode(sha256("${metadata.tableName}"."${column}"), 'hex')`]);
    const row = rowAsJson(metadata, { ...computed, ...Object.fromEntries(digests) });
    const condition = key === null ? '' : ` AND "${key}" = $2`;
    this.#setting = {
      ...setting,
      shownAs: { ...Object.fromEntries(sealed.map((name) => [name, withheld])), ...shownAs },
    };
    this.#key = key;
    this.#sql = `SELECT ${row}::json AS row FROM "${metadata.tableName}" WHERE org_id = $1${condition} FOR NO KEY UPDATE`;
  }

  /** @param key left out for a table of one row for each org */
  row(orgId: string, key?: string): WatchedSetting {
    return { ...this.#setting, read: (manager) => this.#read(manager, orgId, key) };
  }

  /** A row that the write makes and returns. */
  newRow(orgId: string): WatchedSetting {
    return {
      ...this.#setting,
      read: async (manager, result) => {
        if (result === undefined) return null;
        return this.#read(manager, orgId, (result as { id: string }).id);
      },
    };
  }

  async #read(manager: EntityManager, orgId: string, key?: string): Promise<Record<string, unknown> | null> {
    const values = this.#key === null ? [orgId] : [orgId, key];
    const [found] = (await manager.query(this.#sql, values)) as { row: Record<string, unknown> }[];
    return found?.row ?? null;
  }
}
