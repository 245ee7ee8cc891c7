import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { assertScopes } from '../../../access/principal/missing-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, partyOf } from '../../../kit/audit/actor.js';
import { SettingChanges } from '../../../kit/audit/setting-changes.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { rowId } from '../../../core/wire/row-id.js';
import { sequenceErrors } from './sequences.errors.js';
import { assertReferencesExist } from './filter-references.js';
import { Sequence } from './sequence.entity.js';
import type { CreateSequenceDto, UpdateSequenceDto } from './sequence.dto.js';
import { parseFilter, type SequenceFilterDto } from './sequence-filter.js';
import { SequenceRuns } from './sequence-runs.service.js';
import { parseSteps, scopesOfSteps } from './sequence-steps.js';
import { kit } from './sequences.definition.js';
import { type Wire, WireJson } from '../../../core/wire/wire-json.js';

/** Finds a sequence by id or custom_id. The id takes precedence. */
const IS_NAMED = 'org_id = $1 AND (id = $2::uuid OR custom_id = $3) ORDER BY (id = $2::uuid) IS TRUE DESC LIMIT 1';

@Injectable()
export class Sequences extends kit.Service {
  readonly #readNamed: PreparedRead;

  constructor(
    database: Database,
    private readonly runs: SequenceRuns,
    private readonly settings: SettingChanges,
  ) {
    super(database);
    const named = `SELECT ${this.row} FROM sequences WHERE ${IS_NAMED}`;
    // Counts the steps of all contacts.
    this.#readNamed = database.slowReads.prepare('sequences.named', named);
  }

  /** @throws AppError invalid_request (400), scope_missing (403), not_found (404) for the filter's references, taken (409) */
  async add(principal: Principal, { filter, steps, ...fields }: CreateSequenceDto): Promise<{ id: string }> {
    const { orgId } = principal;
    const row = { ...fields, filter: parseFilterOrNull(filter), steps: parseSteps(steps), id: uuidV7(), org_id: orgId };
    assertScopes(principal, scopesOfSteps(row.steps));
    return this.mapConstraintErrors(() =>
      inTransaction(this.database.dataSource, async (manager) => {
        await assertReferencesExist(manager, orgId, row.filter);
        await manager.insert(Sequence, row as object);
        return { id: row.id };
      }),
    );
  }

  /** @throws AppError not_found (404) */
  override async read({ orgId }: Principal, name: string): Promise<WireJson<Wire<Sequence>>> {
    return (await this.#readNamed.json<Wire<Sequence>>([orgId, rowId(name), name])) ?? this.notFound();
  }

  /** @throws AppError invalid_request (400), scope_missing (403), not_found (404), sequence_not_pending (409), taken (409) */
  async edit(caller: Caller, name: string, { filter, steps, ...fields }: UpdateSequenceDto): Promise<Wire<Sequence>> {
    const change = {
      ...fields,
      ...(filter !== undefined && { filter: parseFilterOrNull(filter) }),
      ...(steps !== undefined && { steps: parseSteps(steps) }),
    };
    if (Object.values(change).every((value) => value === undefined)) return this.find(caller.principal, name);
    return this.#change(caller, name, async (manager, { org_id, id, status, steps: before }) => {
      assertScopes(caller.principal, scopesOfSteps(change.steps ?? before));
      await assertReferencesExist(manager, org_id, change.filter ?? null);
      if (status !== 'pending') throw sequenceErrors.sequence_not_pending({ status });
      await manager.update(Sequence, { org_id, id }, change as object);
    });
  }

  /**
   * Starts with all contacts that match the filter now.
   * @throws AppError scope_missing (403), not_found (404), sequence_continuous, sequence_not_pending,
   *   sequence_step_unavailable, sequence_sender_unverified (409)
   */
  async start(caller: Caller, name: string): Promise<Wire<Sequence>> {
    const { principal } = caller;
    return this.#change(caller, name, async (manager, sequence) => {
      assertScopes(principal, scopesOfSteps(sequence.steps));
      if (sequence.is_continuous) throw sequenceErrors.sequence_continuous();
      if (sequence.status !== 'pending') throw sequenceErrors.sequence_not_pending({ status: sequence.status });
      await this.runs.start(manager, sequence, partyOf(principal));
    });
  }

  /**
   * Cancels the sequence or one of its runs, and stops unsent mail. Idempotent.
   * @param name id or custom_id of the sequence, or id of a run
   * @throws AppError not_found (404)
   */
  async cancel(caller: Caller, name: string): Promise<Wire<Sequence>> {
    const runOf = await this.runs.sequenceOf(caller.principal.orgId, name);
    return this.#change(caller, runOf ?? name, async (manager, { org_id, id, status }) => {
      if (runOf !== undefined) return this.runs.cancel(manager, org_id, name);
      if (status !== 'pending' && status !== 'active') return;
      await manager.update(Sequence, { org_id, id }, { status: 'canceled', canceled_at: new Date() });
    });
  }

  /** Returns the id behind an id or custom_id. An unknown name becomes an unknown id. */
  async idOf({ orgId }: Principal, name: string): Promise<string> {
    const sql = `SELECT id FROM sequences WHERE ${IS_NAMED}`;
    const [found] = (await this.database.manager.query(sql, [orgId, rowId(name), name])) as { id: string }[];
    return found?.id ?? rowId(name);
  }

  /** Locks it until the transaction ends. @throws AppError not_found (404) */
  async lockOrThrow(manager: EntityManager, orgId: string, name: string): Promise<Sequence> {
    const sql = `SELECT * FROM sequences WHERE ${IS_NAMED} FOR NO KEY UPDATE`;
    const [sequence] = (await manager.query(sql, [orgId, rowId(name), name])) as Sequence[];
    return sequence ?? this.notFound();
  }

  async #change(
    caller: Caller,
    name: string,
    work: (manager: EntityManager, sequence: Sequence) => Promise<void>,
  ): Promise<Wire<Sequence>> {
    const { orgId } = caller.principal;
    const { id } = await this.find(caller.principal, name);
    const change = () =>
      inTransaction(this.database.dataSource, async (manager) => {
        await work(manager, await this.lockOrThrow(manager, orgId, id));
        const sql = `SELECT ${this.row}::json AS row FROM sequences WHERE org_id = $1 AND id = $2`;
        const [{ row }] = (await manager.query(sql, [orgId, id])) as [{ row: Wire<Sequence> }];
        return row;
      });
    return this.mapConstraintErrors(() => this.settings.watch(caller, this.audited!.row(orgId, id), change));
  }
}

function parseFilterOrNull(filter: SequenceFilterDto | null) {
  return filter === null ? null : parseFilter(filter);
}
