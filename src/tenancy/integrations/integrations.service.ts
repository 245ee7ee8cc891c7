import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../../kit/audit/actor.js';
import { Changes, type Recorder } from '../../kit/audit/changes.js';
import { changesOf, givenFields } from '../../kit/audit/changes-of.js';
import { Database } from '../../core/database/database.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import type { FieldProblem } from '../../core/errors/app-error.js';
import { invalidField, invalidRequest } from '../../core/errors/invalid-request.js';
import { validateDto } from '../../core/validation/request.pipe.js';
import type { CreateIntegrationDto, UpdateIntegrationDto } from './integration.dto.js';
import { Integration } from './integration.entity.js';
import { LiveChecks } from './live-checks.js';
import { connectorOf, type RequestedConnection, requestedConnections } from './requested-connections.js';
import { kit } from './integrations.definition.js';
import type { Wire } from '../../core/wire/wire-json.js';

/** A connection with credentials that the provider accepted. */
export type CheckedConnection = Pick<RequestedConnection, 'connector' | 'name' | 'credentials'>;

const CREDENTIALS_REPLACED = { credentials: { before: 'sealed', after: 'sealed anew' } };

/**
 * An org's connections to third parties. The provider must accept credentials before they are stored. It is asked
 * outside of any transaction, because it may take seconds.
 */
@Injectable()
export class Integrations extends kit.Service {
  constructor(
    database: Database,
    private readonly changes: Changes,
    private readonly secretBox: SecretBox,
    private readonly liveChecks: LiveChecks,
  ) {
    super(database);
  }

  /** Checks all connections of a new org in parallel. @throws AppError invalid_request (400) naming each that fails */
  async checkAll(integrations: object): Promise<CheckedConnection[]> {
    const connections = requestedConnections(integrations);
    const answers = await Promise.all(
      connections.map(async ({ field, connector, credentials }): Promise<FieldProblem[]> => {
        const refusal = await this.liveChecks.refusalOf(connector, credentials);
        return refusal === undefined ? [] : [{ field, message: `${field}: ${refusal}` }];
      }),
    );
    const problems = answers.flat();
    if (problems.length > 0) throw invalidRequest(problems);
    return connections;
  }

  /** @throws AppError invalid_request (400) */
  async check({ provider, name, credentials }: CreateIntegrationDto): Promise<CheckedConnection> {
    const connector = connectorOf(provider);
    if (connector === undefined) throw invalidField('provider', 'provider: unknown integration');
    const fields = validateDto(credentials, connector.credentials, 'credentials');
    if ('problems' in fields) throw invalidRequest(fields.problems);
    const refusal = await this.liveChecks.refusalOf(connector, fields.instance);
    if (refusal !== undefined) throw invalidField('credentials', refusal);
    return { connector, name, credentials: fields.instance };
  }

  /** @throws AppError taken (409) for the name */
  connect({ actor, principal }: Caller, connection: CheckedConnection): Promise<Wire<Integration>> {
    return this.changes.change(actor, (manager, record) => this.add(manager, record, principal.orgId, connection));
  }

  /** Runs within the caller's change. */
  async add(
    manager: EntityManager,
    record: Recorder,
    orgId: string,
    { connector, name, credentials }: CheckedConnection,
  ): Promise<Wire<Integration>> {
    const id = uuidV7();
    const sealed = this.#seal(orgId, id, credentials);
    const row = { id, org_id: orgId, provider: connector.key, name, credentials: sealed };
    const answer = await this.insert(row, manager);
    const changes = givenFields({ provider: connector.key });
    record({ action: 'integration.created', orgId, target: targetOf(row), changes });
    return answer;
  }

  /** @throws AppError not_found (404), invalid_request (400), taken (409) */
  async edit(
    { actor, principal }: Caller,
    id: string,
    { name, credentials }: UpdateIntegrationDto,
  ): Promise<Wire<Integration>> {
    const { orgId } = principal;
    if (name === undefined && credentials === undefined) return this.find(principal, id);
    const checked = credentials && (await this.check({ ...(await this.#findOrThrow(orgId, id)), credentials }));
    return this.changes.change(actor, async (manager, record) => {
      const row = await this.#findOrThrow(orgId, id, manager);
      const sealed = checked && this.#seal(orgId, id, checked.credentials);
      const answer = await this.update(principal, id, { name, credentials: sealed }, manager);
      const changes = { ...(name !== undefined && changesOf(row, { name })), ...(checked && CREDENTIALS_REPLACED) };
      record({ action: 'integration.updated', orgId, target: targetOf({ id, name: name ?? row.name }), changes });
      return answer;
    });
  }

  /** @throws AppError not_found (404) */
  async disconnect({ actor, principal }: Caller, id: string): Promise<void> {
    const { orgId } = principal;
    await this.changes.change(actor, async (manager, record) => {
      const row = await this.#findOrThrow(orgId, id, manager);
      await manager.delete(Integration, { org_id: orgId, id });
      record({ action: 'integration.deleted', orgId, target: targetOf(row) });
    });
  }

  /** @param manager of a transaction, which locks the row */
  async #findOrThrow(orgId: string, id: string, manager?: EntityManager): Promise<Integration> {
    const lock = manager && ({ mode: 'pessimistic_write' } as const);
    const where = { org_id: orgId, id };
    const row = await (manager ?? this.database.manager).findOne(Integration, { where, lock });
    return row ?? this.notFound();
  }

  /** Bound to its row, so that write access to the table isn't enough to move credentials to another org. */
  #seal(orgId: string, id: string, credentials: object): Buffer {
    return this.secretBox.seal(JSON.stringify(credentials), `integrations.credentials ${orgId} ${id}`);
  }
}

function targetOf({ id, name }: Pick<Integration, 'id' | 'name'>) {
  return { type: 'integration', id, name };
}
