import type { OrgResource } from '../../access/scopes/scope-catalogue.js';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { AuditedSetting } from '../audit/audited-setting.js';
import type { ConstraintWords } from '../../core/errors/constraint-refusal.js';
import type { Filters } from '../lists/filters.js';
import type { Orders } from '../lists/order.js';
import type { Shape } from '../../core/wire/schema.js';

/** Those that a resource offers by default. */
export const OPERATIONS = ['list', 'read', 'create', 'update', 'delete'] as const;
/** `put` is `update` by PUT instead of PATCH. */
export type Operation = (typeof OPERATIONS)[number] | 'put';

export type Values<E extends object> = QueryDeepPartialEntity<E>;

/** The columns that every resource's row must have. Most rows extend `OrgRow`. */
export interface KeyedRow {
  id: string;
  /** Null for rows that the resource doesn't show. */
  org_id: string | null;
}

/** Describes a resource. The rest follows from its entity. */
export interface ResourceDefinition<E extends KeyedRow = KeyedRow> extends ConstraintWords {
  /** @example office-hours */
  readonly path: string;
  readonly scope: OrgResource;
  readonly entity: new () => E;
  /** Generated routes; `OPERATIONS` by default. A controller can implement the others under the same method name. */
  readonly offers?: readonly Operation[];
  /** A new row requires at least one of these fields. */
  readonly requiresValueOf?: readonly string[];
  /** The columns that a write stores; by default the fields of the request. */
  columnsOf?(fields: Values<E>, operation: 'create' | 'update'): Values<E>;
  /** Audits each change. Set for settings, undefined for data. */
  readonly audited?: AuditedSetting;
  /** SQL over the row's columns. Other rows of the table don't belong to it; writes of the resource must check that. */
  readonly where?: string;
  /** Query parameters of the list, by name. */
  readonly filters?: Filters;
  /** See `Pages.isSlow`. */
  readonly isSlow?: boolean;
  /** Orders of the list; newest first by default. */
  readonly orders?: Orders;
  /** Response fields that are not columns, by name. */
  readonly computed?: Readonly<Record<string, Computed>>;
}

export interface Computed {
  /** Can refer to the row by the table's name. */
  readonly sql: string;
  readonly shape: Shape;
}

/** @example `office-hours` → `OfficeHours` */
export function classNameOf(path: string): string {
  return path.replace(/(?:^|[-/])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Sets the class name that logs and OpenAPI show. */
export function named<T extends object>(name: string, generated: T): T {
  return Object.defineProperty(generated, 'name', { value: name });
}
