import type { EntityManager } from 'typeorm';
import { notFound } from '../../core/errors/core-errors.js';
import { Service, ServiceResourceRow } from '../../tenancy/services/service.entity.js';
import type { ServiceDeclaration, ServiceResource, ServiceRoute } from '../declaration/service-declaration.js';

/** A service as it is in force. */
export interface StoredService {
  readonly row: Service;
  readonly declaration: ServiceDeclaration;
}

/** In the order of their creation. */
export async function storedServices(manager: EntityManager): Promise<StoredService[]> {
  const services = await manager.find(Service, { order: { number: 'ASC' } });
  const resources = await manager.find(ServiceResourceRow, { order: { position: 'ASC' } });
  const byService = Map.groupBy(resources, ({ service_id }) => service_id);
  return services.map((row) => ({ row, declaration: declarationOf(row, byService.get(row.id) ?? []) }));
}

export async function storedService(manager: EntityManager, slug: string): Promise<StoredService | undefined> {
  const row = await manager.findOneBy(Service, { slug });
  if (!row) return undefined;
  const where = { service_id: row.id };
  return {
    row,
    declaration: declarationOf(row, await manager.find(ServiceResourceRow, { where, order: { position: 'ASC' } })),
  };
}

/** @throws AppError not_found (404) */
export async function storedServiceOrThrow(manager: EntityManager, slug: string): Promise<StoredService> {
  const service = await storedService(manager, slug);
  if (!service) throw notFound('Service');
  return service;
}

function declarationOf(service: Service, resources: readonly ServiceResourceRow[]): ServiceDeclaration {
  const { slug, label, description, url, full_access, routes } = service;
  return {
    service: slug,
    label,
    description,
    ...(url !== null && { url }),
    full_access,
    resources: resources.map((row): ServiceResource => {
      return { name: row.name, label: row.label, description: row.description, actions: row.actions };
    }),
    routes: (routes as ServiceRoute[]).map(routeOf),
  };
}

/** A route with its fields in order, which jsonb doesn't keep, and without undefined ones, so that equal routes are equal. */
export function routeOf({ methods, path, needs, reason }: ServiceRoute): ServiceRoute {
  return reason === undefined ? { methods, path, needs } : { methods, path, needs, reason };
}

/** Every scope that a declaration offers. */
export function scopesOf({ resources }: Pick<ServiceDeclaration, 'resources'>): string[] {
  return resources.flatMap(({ name, actions }) => actions.map((action) => `${name}:${action}`));
}
