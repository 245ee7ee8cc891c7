import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { Principal } from '../../../access/principal/principal.js';
import type { Caller } from '../../../kit/audit/actor.js';
import { Changes } from '../../../kit/audit/changes.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { isUuid, uuidV7 } from '../../../core/database/uuid-v7.js';
import { invalidRequest } from '../../../core/errors/invalid-request.js';
import { lockOrgForCount } from '../../../tenancy/orgs/orgs.service.js';
import type { Values } from '../../../kit/crud/resource-service.js';
import { Action } from './action.entity.js';
import { type ImportedAction, importedActions } from './imported-actions.js';
import { type CalledAction, problemsOfAction } from './judge-action.js';
import { OpenApiDocuments } from './openapi-documents.service.js';
import { kit } from './actions.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

const ROWS_PER_INSERT = 100;
const WRITTEN = ['name', 'description', 'api_endpoint', 'request_type', 'payload', 'tags', 'updated_at'] as const;
const SETTINGS = ['pinned', 'enabled_on_channel', 'require_form_submission'] as const;

@Injectable()
export class Actions extends kit.Service {
  constructor(
    database: Database,
    private readonly documents: OpenApiDocuments,
    private readonly changes: Changes,
  ) {
    super(database);
  }

  override async create(principal: Principal, values: Values<Action>): Promise<Wire<Action>> {
    judge(values as CalledAction);
    return super.create(principal, values);
  }

  override async update(principal: Principal, id: string, values: Values<Action>): Promise<Wire<Action>> {
    const { api_endpoint, payload } = values;
    if ((api_endpoint ?? payload) === undefined || !isUuid(id)) return super.update(principal, id, values);
    // They are judged together, so neither is changed meanwhile.
    return inTransaction(this.database.dataSource, async (manager) => {
      const where = { org_id: principal.orgId, id };
      const present = await manager.findOne(Action, { where, lock: { mode: 'pessimistic_write' } });
      if (!present) return this.notFound();
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
      judge({ ...present, ...given } as CalledAction);
      return super.update(principal, id, values, manager);
    });
  }

  /**
   * All operations of an OpenAPI document instead of those that were imported before. An operation that was there
   * keeps its id, so that what refers to it goes on.
   * @returns how many there are
   * @throws AppError taken (409), and as `OpenApiDocuments.read` and `importedActions`
   */
  async import({ principal: { orgId }, actor }: Caller, text: string, serverBaseUrl?: string): Promise<number> {
    const actions = importedActions(await this.documents.read(text), serverBaseUrl);
    await this.refusing(() =>
      this.changes.change(actor, async (manager, record) => {
        // One import after the other, so that the later one finds what the earlier has made.
        await lockOrgForCount(manager, orgId);
        const idOf = await this.#earlierIds(manager, orgId);
        const rows = actions.map((action) => ({ ...action, id: idOf.get(keyOf(action)) ?? uuidV7(), org_id: orgId }));
        const sql = 'DELETE FROM actions WHERE org_id = $1 AND is_imported AND id <> ALL ($2)';
        await manager.query(sql, [orgId, rows.map(({ id }) => id)]);
        for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
          await upsert(manager, rows.slice(start, start + ROWS_PER_INSERT));
        }
        const changes = { imported_actions: { before: idOf.size, after: rows.length } };
        record({ action: 'action.imported', orgId, target: { type: 'action', id: null, name: 'OpenAPI' }, changes });
      }),
    );
    return actions.length;
  }

  async #earlierIds(manager: EntityManager, orgId: string): Promise<Map<string, string>> {
    const earlier = await manager.findBy(Action, { org_id: orgId, is_imported: true });
    return new Map(earlier.map((action) => [keyOf(action), action.id]));
  }
}

/** What makes an operation the same in two versions of a document. */
function keyOf({ operation_id, request_type, payload }: ImportedAction): string {
  return operation_id ?? `${request_type} ${payload.path}`;
}

async function upsert(manager: EntityManager, rows: object[]): Promise<void> {
  const values = rows.map((row) => ({ ...row, updated_at: new Date() })) as QueryDeepPartialEntity<Action>[];
  const insert = manager.createQueryBuilder().insert().into(Action).values(values).updateEntity(false);
  await insert.orUpdate([...WRITTEN, ...SETTINGS], ['org_id', 'id']).execute();
}

function judge(action: CalledAction): void {
  const problems = problemsOfAction(action);
  if (problems.length > 0) throw invalidRequest(problems);
}
