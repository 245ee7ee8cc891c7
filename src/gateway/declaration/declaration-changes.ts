import { shapeOf } from '../routes/route-template.js';
import type { ServiceDeclaration, ServiceResource, ServiceRoute } from './service-declaration.js';

/** What applying a declaration changes. Order alone is no change. */
export interface DeclarationChanges {
  readonly service: string;
  /** The service doesn't exist yet. */
  readonly isNew: boolean;
  readonly fields: readonly FieldChange[];
  readonly resources: {
    readonly added: readonly ServiceResource[];
    /** Other labels or descriptions. Changed actions are in `scopes`. */
    readonly changed: readonly Change<ServiceResource>[];
    readonly removed: readonly ServiceResource[];
  };
  readonly scopes: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly routes: {
    readonly added: readonly ServiceRoute[];
    /** Same methods and shape; another need, reason or parameter name. */
    readonly changed: readonly Change<ServiceRoute>[];
    readonly removed: readonly ServiceRoute[];
  };
}
export interface Change<Value> {
  readonly before: Value;
  readonly after: Value;
}
/** Empty: it has none. */
export interface FieldChange extends Change<string> {
  readonly field: (typeof FIELDS)[number];
}

const FIELDS = ['label', 'description', 'url', 'full_access'] as const;

/** @param before the declaration in force; undefined: none */
export function changesBetween(before: ServiceDeclaration | undefined, after: ServiceDeclaration): DeclarationChanges {
  const known = before?.resources ?? [];
  return {
    service: after.service,
    isNew: before === undefined,
    fields: before ? fieldChanges(before, after) : [],
    resources: resourceChanges(known, after.resources),
    scopes: {
      added: without(scopesOf(after.resources), scopesOf(known)),
      removed: without(scopesOf(known), scopesOf(after.resources)),
    },
    routes: routeChanges(before?.routes ?? [], after.routes),
  };
}

/** Whether applying the declaration again changes nothing. */
export function isUnchanged({ isNew, fields, resources, scopes, routes }: DeclarationChanges): boolean {
  const lists = [fields, ...[resources, scopes, routes].flatMap((each): (readonly unknown[])[] => Object.values(each))];
  return !isNew && lists.every((list) => list.length === 0);
}

function fieldChanges(before: ServiceDeclaration, after: ServiceDeclaration): FieldChange[] {
  return FIELDS.filter((field) => before[field] !== after[field]).map((field) => ({
    field,
    before: before[field] ?? '',
    after: after[field] ?? '',
  }));
}

function resourceChanges(
  before: readonly ServiceResource[],
  after: readonly ServiceResource[],
): DeclarationChanges['resources'] {
  const old = new Map(before.map((resource) => [resource.name, resource]));
  const kept = new Set(after.map(({ name }) => name));
  return {
    added: after.filter(({ name }) => !old.has(name)),
    changed: after.flatMap((resource) => {
      const was = old.get(resource.name);
      const isSame = !was || (was.label === resource.label && was.description === resource.description);
      return isSame ? [] : [{ before: was, after: resource }];
    }),
    removed: before.filter(({ name }) => !kept.has(name)),
  };
}

function scopesOf(resources: readonly ServiceResource[]): string[] {
  return resources.flatMap(({ name, actions }) => actions.map((action) => `${name}:${action}`));
}

function without(list: readonly string[], others: readonly string[]): string[] {
  const excluded = new Set(others);
  return list.filter((each) => !excluded.has(each));
}

/** Compares each method by itself, because a route may be split in two. The methods of one change are put together. */
function routeChanges(before: readonly ServiceRoute[], after: readonly ServiceRoute[]): DeclarationChanges['routes'] {
  const old = new Map(before.flatMap((route) => keysOf(route).map((key) => [key, route] as const)));
  const kept = new Set(after.flatMap(keysOf));
  const added: ServiceRoute[] = [];
  const changed: Change<ServiceRoute>[] = [];
  for (const route of after) {
    const origins = Map.groupBy(route.methods, (method) => old.get(keyOf(method, route)));
    for (const [was, methods] of origins) {
      if (!was) added.push({ ...route, methods });
      else if (!isSameRoute(was, route)) changed.push({ before: { ...was, methods }, after: { ...route, methods } });
    }
  }
  const removed = before.flatMap((route) => {
    const methods = route.methods.filter((method) => !kept.has(keyOf(method, route)));
    return methods.length > 0 ? [{ ...route, methods }] : [];
  });
  return { added, changed, removed };
}

function keysOf(route: ServiceRoute): string[] {
  return route.methods.map((method) => keyOf(method, route));
}

function keyOf(method: string, route: ServiceRoute): string {
  return `${method} ${shapeOf(route.path)}`;
}

function isSameRoute(one: ServiceRoute, other: ServiceRoute): boolean {
  return one.path === other.path && one.needs === other.needs && one.reason === other.reason;
}
