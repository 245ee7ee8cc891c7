import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { Principal } from '../../../access/principal/principal.js';
import type { Caller } from '../../../kit/audit/actor.js';
import { Changes } from '../../../kit/audit/changes.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { invalidRequest } from '../../../core/errors/invalid-request.js';
import { lockOrgForCount } from '../../../tenancy/orgs/orgs.service.js';
import type { Values } from '../../../kit/crud/definition.js';
import { ActionCredentials } from '../action-credentials/action-credentials.service.js';
import type { ImportFields } from './action.dto.js';
import { Action } from './action.entity.js';
import { type ImportedAction, importedActions } from './imported-actions.js';
import { type CalledAction, validateAction } from './validate-action.js';
import { OpenApiDocuments } from './openapi-documents.service.js';
import { kit } from './actions.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

const ROWS_PER_INSERT = 100;
const WRITTEN = ['name', 'description', 'api_endpoint', 'request_type', 'payload', 'tags', 'updated_at'] as const;
const SETTINGS = ['pinned', 'enabled_on_channel', 'require_form_submission'] as const;

type CheckedAction = CalledAction & Partial<Pick<Action, 'credential_id'>>;

@Injectable()
export class Actions extends kit.Service {
  constructor(
    database: Database,
    private readonly documents: OpenApiDocuments,
    private readonly changes: Changes,
    private readonly credentials: ActionCredentials,
  ) {
    super(database);
  }

  override async create(principal: Principal, values: Values<Action>): Promise<Wire<Action>> {
    await this.#assertValid(this.database.manager, principal.orgId, values as CheckedAction);
    return super.create(principal, values);
  }

  override async update(principal: Principal, id: string, values: Values<Action>): Promise<Wire<Action>> {
    const { api_endpoint, payload, credential_id } = values;
    if ((api_endpoint ?? payload ?? credential_id) === undefined) return super.update(principal, id, values);
    // They are validated together, so the lock prevents concurrent changes of either.
    return inTransaction(this.database.dataSource, async (manager) => {
      const where = { org_id: principal.orgId, id };
      const present = await manager.findOne(Action, { where, lock: { mode: 'pessimistic_write' } });
      if (!present) return this.notFound();
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
      await this.#assertValid(manager, principal.orgId, { ...present, ...given } as CheckedAction);
      return super.update(principal, id, values, manager);
    });
  }

  /**
   * Replaces the imported actions with the operations of an OpenAPI document. An operation that was imported before
   * keeps its id, so that references to it stay valid.
   * @returns the number of imported actions
   * @throws AppError taken (409), and as `OpenApiDocuments.read` and `importedActions`
   */
  async import(
    { principal: { orgId }, actor }: Caller,
    text: string,
    { server_base_url, credential_id }: ImportFields,
  ): Promise<number> {
    const given = credential_id === undefined ? {} : { credential_id };
    const operations = importedActions(await this.documents.read(text), server_base_url);
    const actions = operations.map((action) => ({ ...action, ...given }));
    await this.mapConstraintErrors(() =>
      this.changes.change(actor, async (manager, record) => {
        // Serializes imports of an org, so that each sees the rows of the previous one.
        await lockOrgForCount(manager, orgId);
        if (credential_id !== undefined) {
          const origins = new Set(actions.map(({ api_endpoint }) => new URL(api_endpoint).origin));
          for (const origin of origins) await this.credentials.assertFor(manager, orgId, credential_id, origin);
        }
        const idOf = await this.#earlierIds(manager, orgId);
        const rows = actions.map((action) => ({ ...action, id: idOf.get(keyOf(action)) ?? uuidV7(), org_id: orgId }));
        const sql = 'DELETE FROM actions WHERE org_id = $1 AND is_imported AND id <> ALL ($2)';
        await manager.query(sql, [orgId, rows.map(({ id }) => id)]);
        for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
          await upsert(manager, rows.slice(start, start + ROWS_PER_INSERT), Object.keys(given));
        }
        const changes = { imported_actions: { before: idOf.size, after: rows.length } };
        record({ action: 'action.imported', orgId, target: { type: 'action', id: null, name: 'OpenAPI' }, changes });
      }),
    );
    return actions.length;
  }

  /** @throws AppError invalid_request (400), not_found (404) for the credential */
  async #assertValid(manager: EntityManager, orgId: string, action: CheckedAction): Promise<void> {
    const problems = validateAction(action);
    if (problems.length > 0) throw invalidRequest(problems);
    const { credential_id, api_endpoint } = action;
    if (credential_id) await this.credentials.assertFor(manager, orgId, credential_id, api_endpoint);
  }

  async #earlierIds(manager: EntityManager, orgId: string): Promise<Map<string, string>> {
    const earlier = await manager.findBy(Action, { org_id: orgId, is_imported: true });
    return new Map(earlier.map((action) => [keyOf(action), action.id]));
  }
}

/** Identifies an operation across versions of a document. */
function keyOf({ operation_id, request_type, payload }: ImportedAction): string {
  return operation_id ?? `${request_type} ${payload.path}`;
}

async function upsert(manager: EntityManager, rows: object[], given: readonly string[]): Promise<void> {
  const values = rows.map((row) => ({ ...row, updated_at: new Date() })) as QueryDeepPartialEntity<Action>[];
  const insert = manager.createQueryBuilder().insert().into(Action).values(values).updateEntity(false);
  await insert.orUpdate([...WRITTEN, ...SETTINGS, ...given], ['org_id', 'id']).execute();
}
