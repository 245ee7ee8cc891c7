import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../core/database/database.js';
import { inTransaction, takeTurn } from '../../../core/database/transaction.js';
import { invalidField, invalidRequest } from '../../../core/errors/invalid-request.js';
import type { Actor } from '../../../kit/audit/actor.js';
import { Changes, type Recorder } from '../../../kit/audit/changes.js';
import { changesOf } from '../../../kit/audit/changes-of.js';
import { KeyPolicies } from '../../key-policies/key-policies.service.js';
import type { ApiKey } from '../api-key.entity.js';
import { recordKey } from '../key-rows.js';
import { futureOrThrow } from '../key-settings.js';
import { KEY_STATE } from '../key-sql.js';
import type { BulkAction, BulkChange, UpdateApiKeysDto } from './bulk-keys.dto.js';
import { allOf, changesSql, type KeyOwners, type KeySelection, selectionOf } from './key-selection.js';

/** Small enough for the statement timeout, and for the other changes of an org, which wait for its audit chain. */
const KEYS_PER_CHANGE = 1_000;
const SAMPLE_MAX = 10;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const CHANGED = [
  'id',
  'org_id',
  'name',
  'type',
  'scopes',
  'allowed_ips',
  'allowed_origins',
  'expires_at',
  'suspended_at',
  'suspension_reason',
] as const;
type Changed = Pick<ApiKey, (typeof CHANGED)[number]>;
type Columns = Partial<Pick<ApiKey, 'expires_at' | 'suspended_at' | 'suspension_reason' | 'revoked_at'>>;

/** What is done to the selected keys. */
interface Work {
  readonly selection: KeySelection;
  readonly action: BulkAction;
  readonly columns: Columns;
  /** Whose policies judge the change of settings; undefined: it changes none. */
  readonly judgedBy?: string;
}

const AUDITED: Readonly<Record<BulkAction, `api_key.${string}`>> = {
  suspend: 'api_key.suspended',
  resume: 'api_key.resumed',
  revoke: 'api_key.revoked',
  set_expiry: 'api_key.updated',
};

/**
 * Changes many keys at once: a thousand in each transaction, in the order of their ids, with an audit entry for each. Each
 * key is judged again under its lock. Once a method returns, the changes hold in every process. After a fault some
 * thousands are changed; the same call again changes the others.
 */
@Injectable()
export class BulkKeyChanges {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly policies: KeyPolicies,
  ) {}

  /**
   * Changes the keys of an org that meet the filter.
   * @throws AppError invalid_request (400) for a filter without conditions, for a missing or misplaced expiry, and naming
   *   the policy that forbids the expiry for one of the keys: then none is changed
   */
  async change(actor: Actor, orgId: string, dto: UpdateApiKeysDto): Promise<BulkChange> {
    const { filter, action, dry_run } = dto;
    const columns = columnsOf(dto);
    const selection = selectionOf({ orgId }, filter);
    if (selection === undefined) throw invalidField('filter', 'filter must have at least one condition');
    if (action !== 'set_expiry') return this.#run(actor, { selection, action, columns }, dry_run);
    const work: Work = { selection, action, columns, judgedBy: orgId };
    await this.#judgeAll(work);
    return this.#run(actor, work, dry_run);
  }

  /** Revokes every key of the owners for good. */
  revokeAll(actor: Actor, owners: KeyOwners, isDryRun: boolean): Promise<BulkChange> {
    const work: Work = { selection: allOf(owners), action: 'revoke', columns: { revoked_at: new Date() } };
    return this.#run(actor, work, isDryRun);
  }

  async #run(actor: Actor, work: Work, isDryRun: boolean): Promise<BulkChange> {
    const planned = await this.#plan(work);
    if (isDryRun) return { ...planned, dry_run: true };
    let changed = 0;
    let after: string | undefined = FIRST_ID;
    while (after !== undefined) {
      const ids: string[] = await this.#changeNext(actor, work, after);
      changed += ids.length;
      after = ids.length < KEYS_PER_CHANGE ? undefined : ids.at(-1);
    }
    return { ...planned, changed, dry_run: false };
  }

  async #judgeAll(work: Work): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      let after: string | undefined = FIRST_ID;
      while (after !== undefined) {
        const keys: Changed[] = await readNext(manager, work, after);
        await this.#judge(manager, work, keys);
        after = keys.length < KEYS_PER_CHANGE ? undefined : keys.at(-1)!.id;
      }
    });
  }

  /** @throws AppError invalid_request (400) */
  async #judge(manager: EntityManager, { judgedBy, columns }: Work, keys: readonly Changed[]): Promise<void> {
    if (judgedBy === undefined || keys.length === 0) return;
    const policies = await this.policies.hold(manager, judgedBy);
    const problems = await policies.problemsOfChanges(keys.map((key) => ({ key, change: columns })));
    const first = problems.find((each) => each.length > 0);
    if (first !== undefined) throw invalidRequest(first);
  }

  async #plan(work: Work): Promise<Omit<BulkChange, 'dry_run'>> {
    const values = new Values(work.selection.values);
    const sql = `
      WITH matched AS MATERIALIZED (
        SELECT id, name, masked_key, ${KEY_STATE} AS state, ${isChangedSql(work, values)} AS is_changed
        FROM api_keys WHERE ${work.selection.condition}
      )
      SELECT json_build_object('matched', count(*), 'changed', count(*) FILTER (WHERE is_changed), 'sample', coalesce((
        SELECT json_agg(json_build_object('id', id, 'name', name, 'masked_key', masked_key, 'state', state) ORDER BY id DESC)
        FROM (SELECT * FROM matched WHERE is_changed ORDER BY id DESC LIMIT ${SAMPLE_MAX}) newest
      ), '[]')) AS plan FROM matched`;
    const { rows } = await this.database.query(sql, values.all);
    return rows[0]!['plan'] as Omit<BulkChange, 'dry_run'>;
  }

  /** The ids of the next changed keys after an id, in order. */
  async #changeNext(actor: Actor, work: Work, after: string): Promise<string[]> {
    return this.changes.change(actor, async (manager, record) => {
      // Of concurrent calls one waits for locks in the database.
      await takeTurn(manager, 'bulk', 'keys');
      const keys = await readNext(manager, work, after, 'FOR NO KEY UPDATE');
      // Again, because a policy may have changed since.
      await this.#judge(manager, work, keys);
      if (keys.length > 0) await store(manager, record, work, keys);
      return keys.map(({ id }) => id);
    });
  }
}

/** The values of a statement. */
class Values {
  readonly all: unknown[];

  constructor(values: readonly unknown[]) {
    this.all = [...values];
  }

  /** The parameter of another value. */
  add(value: unknown, type: string): string {
    return `$${this.all.push(value)}::${type}`;
  }
}

function isChangedSql({ action, columns }: Work, values: Values): string {
  return changesSql(action, () => values.add(columns.expires_at, 'timestamptz'));
}

/** The next keys that the work changes after an id, in order. @param lock SQL */
async function readNext(manager: EntityManager, work: Work, after: string, lock = ''): Promise<Changed[]> {
  const values = new Values(work.selection.values);
  const sql = `
    SELECT ${CHANGED.join(', ')} FROM api_keys
    WHERE ${work.selection.condition} AND ${isChangedSql(work, values)} AND id > ${values.add(after, 'uuid')}
    ORDER BY id LIMIT ${KEYS_PER_CHANGE} ${lock}`;
  return manager.query<Changed[]>(sql, values.all);
}

async function store(
  manager: EntityManager,
  record: Recorder,
  { action, columns }: Work,
  keys: readonly Changed[],
): Promise<void> {
  const names = Object.keys(columns);
  const sets = names.map((name, index) => `${name} = $${index + 2}`).join(', ');
  const sql = `UPDATE api_keys SET ${sets} WHERE id = ANY ($1::uuid[])`;
  await manager.query(sql, [keys.map(({ id }) => id), ...Object.values(columns)]);
  for (const key of keys) recordKey(record, AUDITED[action], key, changesOf({ revoked_at: null, ...key }, columns));
}

/** @throws AppError invalid_request (400) */
function columnsOf({ action, expires_at }: UpdateApiKeysDto): Columns {
  if (action === 'set_expiry') {
    if (expires_at === undefined) throw invalidField('expires_at', 'expires_at is required with set_expiry');
    return { expires_at: expires_at === null ? null : futureOrThrow(expires_at) };
  }
  if (expires_at !== undefined) throw invalidField('expires_at', 'expires_at can only be given with set_expiry');
  switch (action) {
    case 'suspend':
      return { suspended_at: new Date(), suspension_reason: 'requested' };
    case 'resume':
      return { suspended_at: null, suspension_reason: null };
    case 'revoke':
      return { revoked_at: new Date() };
  }
}
