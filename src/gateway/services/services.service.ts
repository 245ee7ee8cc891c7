import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type EntityManager, In, Not } from 'typeorm';
import { SCOPE_CATALOGUE } from '../../access/scopes/scope-catalogue.js';
import { Database } from '../../core/database/database.js';
import { takeTurn } from '../../core/database/transaction.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { changesOf } from '../../kit/audit/changes-of.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import { countHolders } from '../../tenancy/api-keys/scope-holders.js';
import { saveResources } from '../../tenancy/services/save-resources.js';
import { Service, ServiceResourceRow } from '../../tenancy/services/service.entity.js';
import type { ServiceDeclaration } from '../declaration/service-declaration.js';
import { auditedChanges } from './audited-changes.js';
import { planService, type ServicePlan } from './service-plan.js';
import { serviceErrors } from './services.errors.js';
import {
  routeOf,
  scopesOf,
  storedService,
  storedServiceOrThrow,
  storedServices,
  type StoredService,
} from './stored-services.js';

export interface PlannedService {
  /** Undefined: it is new. */
  readonly before: StoredService | undefined;
  readonly plan: ServicePlan;
}

export interface AppliedService extends StoredService {
  readonly plan: ServicePlan;
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

const SERVICES_LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('services', 0))`;

/** Services behind the guards, each declared as a whole. Once a change returns, it holds in every process. */
@Injectable()
export class Services {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  /** In the order of their creation. */
  list(): Promise<StoredService[]> {
    return storedServices(this.database.manager);
  }

  /** @throws AppError not_found (404) */
  read(slug: string): Promise<StoredService> {
    return storedServiceOrThrow(this.database.manager, slug);
  }

  /** What applying the declaration would change. Writes nothing. @throws AppError resource_taken (409) */
  async plan(declaration: ServiceDeclaration): Promise<PlannedService> {
    const { manager } = this.database;
    await assertNamesFree(manager, declaration);
    const before = await storedService(manager, declaration.service);
    return { before, plan: await planService(manager, before, declaration) };
  }

  /**
   * Creates the service, or makes it what is declared. The same declaration again changes nothing.
   * @throws AppError resource_taken, scopes_in_use (409)
   */
  async apply(actor: Actor, declaration: ServiceDeclaration): Promise<AppliedService> {
    return this.changes.change(actor, async (manager, record) => {
      await takeServicesTurn(manager);
      const before = await storedService(manager, declaration.service);
      await assertNamesFree(manager, declaration);
      await lockLost(manager, before?.declaration, declaration);
      const plan = await planService(manager, before, declaration);
      assertNotHeld(plan.holders);
      const wanted = { ...declaration, routes: declaration.routes.map(routeOf) };
      if (before && isDeepStrictEqual(before.declaration, wanted)) return { ...before, plan, outcome: 'unchanged' };
      await store(manager, wanted, before);
      const after = await storedServiceOrThrow(manager, declaration.service);
      record({
        action: before ? 'service.updated' : 'service.created',
        orgId: null,
        target: targetOf(after.row),
        changes: auditedChanges(before?.declaration, after.declaration),
      });
      return { ...after, plan, outcome: before ? 'updated' : 'created' };
    });
  }

  /** Makes its doors refuse every request until it is resumed. @throws AppError not_found (404) */
  suspend(actor: Actor, slug: string): Promise<StoredService> {
    return this.#setSuspension(actor, slug, new Date());
  }

  /** Opens the doors of a suspended service again. @throws AppError not_found (404) */
  resume(actor: Actor, slug: string): Promise<StoredService> {
    return this.#setSuspension(actor, slug, null);
  }

  /** A service that is in that state already stays as it is. */
  async #setSuspension(actor: Actor, slug: string, suspendedAt: Date | null): Promise<StoredService> {
    return this.changes.change(actor, async (manager, record) => {
      await takeServicesTurn(manager);
      const { row } = await storedServiceOrThrow(manager, slug);
      if ((row.suspended_at === null) !== (suspendedAt === null)) {
        await manager.update(Service, { id: row.id }, { suspended_at: suspendedAt });
        const changes = changesOf(row, { suspended_at: suspendedAt });
        const action = suspendedAt === null ? 'service.resumed' : 'service.suspended';
        record({ action, orgId: null, target: targetOf(row), changes });
      }
      return storedServiceOrThrow(manager, slug);
    });
  }

  /** Deletes a service with its keys. @throws AppError not_found (404), scopes_in_use (409) */
  async remove(actor: Actor, slug: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      await takeServicesTurn(manager);
      const { row, declaration } = await storedServiceOrThrow(manager, slug);
      await lockLost(manager, declaration, undefined);
      assertNotHeld(await countHolders(manager, scopesOf(declaration)));
      const keys = await manager.find(ApiKey, { where: { service_id: row.id }, order: { id: 'ASC' } });
      await manager.delete(Service, { id: row.id });
      record({
        action: 'service.deleted',
        orgId: null,
        target: targetOf(row),
        changes: auditedChanges(declaration, undefined, keys),
      });
    });
  }
}

/** Waits until no other transaction changes services, so that their numbers commit in order. */
async function takeServicesTurn(manager: EntityManager): Promise<void> {
  await takeTurn(manager, 'services', '');
  await manager.query(SERVICES_LOCK);
}

function targetOf({ id, slug }: Service) {
  return { type: 'service', id, name: slug };
}

/** @throws AppError resource_taken (409), also for built-in resources that are off */
async function assertNamesFree(manager: EntityManager, { service, resources }: ServiceDeclaration): Promise<void> {
  const names = resources.map(({ name }) => name);
  const builtIn = SCOPE_CATALOGUE.find(({ resource }) => names.includes(resource));
  if (builtIn) throw serviceErrors.resource_taken({ resource: builtIn.resource, owner: 'Gatehouse itself' });
  const rows = await manager.findBy(ServiceResourceRow, { name: In(names) });
  if (rows.length === 0) return;
  const ids = rows.map(({ service_id }) => service_id);
  const other = await manager.findOneBy(Service, { id: In(ids), slug: Not(service) });
  const taken = rows.find(({ service_id }) => service_id === other?.id);
  if (taken) throw serviceErrors.resource_taken({ resource: taken.name, owner: `service "${other!.slug}"` });
}

/**
 * Locks the resources that lose scopes, before their holders are counted: a transaction that grants the scopes either has
 * committed, or is going to see that they are gone.
 */
async function lockLost(
  manager: EntityManager,
  before: ServiceDeclaration | undefined,
  after: ServiceDeclaration | undefined,
): Promise<void> {
  const kept = new Set(after ? scopesOf(after) : []);
  const lost = before ? scopesOf(before).filter((scope) => !kept.has(scope)) : [];
  if (lost.length === 0) return;
  const where = { name: In([...new Set(lost.map((scope) => scope.split(':', 1)[0]!))]) };
  await manager.find(ServiceResourceRow, { where, order: { name: 'ASC' }, lock: { mode: 'pessimistic_write' } });
}

/** @throws AppError scopes_in_use (409) */
function assertNotHeld(holders: ReadonlyMap<string, number>): void {
  if (holders.size > 0) throw serviceErrors.scopes_in_use({ scopes: listed(holders) });
}

const SCOPES_NAMED_MAX = 20;

function listed(holders: ReadonlyMap<string, number>): string {
  const named = [...holders].map(([scope, keys]) => `"${scope}" (${countOf(keys)})`);
  const more = named.length - SCOPES_NAMED_MAX;
  return named.slice(0, SCOPES_NAMED_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function countOf(keys: number): string {
  return keys === 1 ? '1 key' : `${keys} keys`;
}

async function store(
  manager: EntityManager,
  { service: slug, label, description, url, full_access, resources, routes }: ServiceDeclaration,
  before: StoredService | undefined,
): Promise<void> {
  const id = before?.row.id ?? uuidV7();
  const columns = { label, description, url: url ?? null, full_access, routes: [...routes] };
  if (before) await manager.update(Service, { id }, { ...columns, revision: before.row.revision + 1 });
  else await manager.insert(Service, { id, slug, ...columns });

  const rows = resources.map((resource, position) => ({
    ...resource,
    actions: [...resource.actions],
    position,
    service_id: id,
  }));
  const known = before?.declaration.resources ?? [];
  const changed = rows.filter(({ position }) => !isDeepStrictEqual(resources[position], known[position]));
  const names = new Set(rows.map(({ name }) => name));
  const gone = known.map(({ name }) => name).filter((name) => !names.has(name));
  if (gone.length > 0) await manager.delete(ServiceResourceRow, { name: In(gone) });
  await saveResources(manager, changed);
}
