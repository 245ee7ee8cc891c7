import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CatalogueEntry, ScopedAudience } from '../../access/scopes/scope-catalogue.js';
import { ScopeCatalogue } from '../../access/scopes/scope-catalogue.service.js';
import { scopesOrThrow } from '../../access/scopes/scopes.js';
import { Database } from '../../core/database/database.js';

/** A resource whose scopes keys can be granted. */
export interface GrantableEntry extends CatalogueEntry {
  /** The slug of the service that it belongs to; null: built-in. */
  readonly service: string | null;
  readonly service_label: string | null;
}

type OfService = Omit<GrantableEntry, 'audience'>;

const RESOURCES_OF_SERVICES = `
  SELECT r.name AS resource, r.label, r.description, r.actions, s.slug AS service, s.label AS service_label
  FROM service_resources r JOIN services s ON s.id = r.service_id
  ORDER BY s.number, r.position`;

/** Conflicts with the lock of a removal, and not with other keys that are granted the same. */
const HOLD_RESOURCES = 'SELECT FROM service_resources WHERE name = ANY ($1) ORDER BY name FOR KEY SHARE';

/** The scopes that keys can be granted: the built-in ones, then those of the services in the order of their creation. */
@Injectable()
export class GrantableScopes {
  constructor(
    private readonly database: Database,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  /** Resources of services are listed once per audience. @param manager of an open transaction, if there is one */
  async entries(manager: EntityManager = this.database.manager): Promise<readonly GrantableEntry[]> {
    const ofServices = await manager.query<OfService[]>(RESOURCES_OF_SERVICES);
    return [
      ...this.catalogue.builtIn().map((entry) => ({ ...entry, service: null, service_label: null })),
      ...ofServices.map((entry) => ({ audience: 'org' as const, ...entry })),
      ...ofServices.map((entry) => ({ audience: 'agent' as const, ...entry })),
    ];
  }

  /**
   * Keeps the scopes of services offered until the transaction ends. To be called before a key is granted them: a removal
   * then either sees the key or makes this throw.
   * @throws AppError invalid_request (400) for scopes that were removed since they were validated
   */
  async hold(manager: EntityManager, audience: ScopedAudience, scopes: readonly string[]): Promise<void> {
    const builtIn = new Set(this.catalogue.builtIn().map(({ resource }) => resource));
    const resources = new Set(scopes.map((scope) => scope.split(':', 1)[0]!));
    const names = [...resources].filter((name) => !builtIn.has(name));
    if (names.length === 0) return;
    await manager.query(HOLD_RESOURCES, [names]);
    scopesOrThrow(scopes, audience, await this.entries(manager));
  }
}
