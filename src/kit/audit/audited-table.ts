import type { EntityManager } from 'typeorm';
import type { EntityClass } from '../../core/database/data-source.js';
import type { Database } from '../../core/database/database.js';
import { rowAsJson } from '../../core/database/row-as-json.js';
import { type AuditedSetting, withheld } from './audited-setting.js';
import type { WatchedSetting } from './setting-changes.js';

export interface AuditedTableOptions extends AuditedSetting {
  /** The key column within an org; null if an org has one row. Default: `id`. */
  readonly key?: string | null;
  /** Fields that are not columns: name → SQL. */
  readonly computed?: Readonly<Record<string, string>>;
}

/** Reads rows for the audit: the fields of the API, and a digest of each encrypted column. */
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

  /** @param key undefined for tables with one row per org */
  row(orgId: string, key?: string): WatchedSetting {
    return { ...this.#setting, read: (manager) => this.#read(manager, orgId, key) };
  }

  /** Watches the row that the write creates and returns. */
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
