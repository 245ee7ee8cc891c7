import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../core/database/database.js';
import { inSurroundingTransaction } from '../../core/database/transaction.js';
import type { Caller } from './actor.js';
import type { AuditRecord } from './audit-chains.js';
import type { AuditedSetting } from './audited-setting.js';
import { Changes } from './changes.js';
import { changesOf, isEmpty } from './changes-of.js';

type Row = Readonly<Record<string, unknown>>;

/** One settings row that a request may create, update or delete. */
export interface WatchedSetting extends AuditedSetting {
  /**
   * Locks and returns the row, or null. Called before and after the write, in its transaction.
   * @param result the result of the write; undefined before it
   */
  read(manager: EntityManager, result?: unknown): Promise<Row | null>;
}

const NOT_AUDITED: ReadonlySet<string> = new Set(['id', 'created_at', 'updated_at', 'activated_by']);
const TARGET_NAME_CHARACTERS_MAX = 200;

/** Audits settings by comparing rows before and after a write. */
@Injectable()
export class SettingChanges {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  /**
   * Runs the write of one setting and audits it as `created`, `updated` or `deleted`, in one transaction. A write
   * without changes adds no entry.
   * @param write joins the transaction through `inTransaction` or `Database.manager`
   */
  async watch<T>({ actor, principal }: Caller, setting: WatchedSetting, write: () => Promise<T>): Promise<T> {
    return inSurroundingTransaction(this.database.dataSource, async () =>
      this.changes.change(actor, async (manager, record) => {
        const before = await setting.read(manager);
        const result = await write();
        const entry = entryOf(setting, before, await setting.read(manager, result));
        if (entry) record({ ...entry, orgId: principal.orgId });
        return result;
      }),
    );
  }
}

function entryOf(
  setting: AuditedSetting,
  before: Row | null,
  after: Row | null,
): Omit<AuditRecord, 'orgId'> | undefined {
  const row = after ?? before;
  if (row === null) return undefined;
  const entry = (verb: string) => ({ action: `${setting.type}.${verb}`, target: targetOf(setting, row) });
  if (after === null) return entry('deleted');
  const changes = shownChanges(setting, before ?? {}, after);
  if (before === null) return { ...entry('created'), changes };
  return Object.keys(changes).length === 0 ? undefined : { ...entry('updated'), changes };
}

function shownChanges({ shownAs = {} }: AuditedSetting, before: Row, after: Row): NonNullable<AuditRecord['changes']> {
  const shown = (field: string, value: unknown) =>
    value === null || value === undefined ? null : (shownAs[field]?.(value) ?? value);
  return Object.fromEntries(
    Object.entries(changesOf(before, after))
      .filter(([field, change]) => !NOT_AUDITED.has(field) && !(change.before === undefined && isEmpty(change.after)))
      .map(([field, change]) => [field, { before: shown(field, change.before), after: shown(field, change.after) }]),
  );
}

function targetOf({ type, calledBy = ['name'] }: AuditedSetting, row: Row): AuditRecord['target'] {
  const names = calledBy.map((field) => row[field]).filter((name) => typeof name === 'string' && name !== '');
  const name = String(names[0] ?? type.replaceAll('_', ' ')).slice(0, TARGET_NAME_CHARACTERS_MAX);
  return { type, id: typeof row['id'] === 'string' ? row['id'] : null, name: name.toWellFormed() };
}
