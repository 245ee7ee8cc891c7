import type { OrgResource } from '../../access/scopes/scope-catalogue.js';
import type { OrgRow } from '../../core/database/base.entity.js';
import type { AuditedSetting } from '../audit/audited-setting.js';
import type { ConstraintWords } from '../../core/errors/constraint-refusal.js';
import type { Filters } from '../lists/filters.js';
import type { Orders } from '../lists/order.js';
import type { Shape } from '../../core/wire/schema.js';

export const OPERATIONS = ['list', 'read', 'create', 'update', 'delete'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What every row has that the kit serves; most extend `OrgRow`. */
export type KeyedRow = Pick<OrgRow, 'id' | 'org_id'>;

/** What a plain resource is, in full; everything else follows from its entity. */
export interface ResourceDefinition<E extends KeyedRow = KeyedRow> extends ConstraintWords {
  /** Of its routes: `office-hours`. */
  readonly path: string;
  readonly scope: OrgResource;
  readonly entity: new () => E;
  /** Which of the five routes it has; all by default. What is left out can be written by hand under the same name. */
  readonly offers?: readonly Operation[];
  /** Fields of which a new row needs one at least. */
  readonly requiresValueOf?: readonly string[];
  /** For settings: each change of a row is audited. Left out for rows of data. */
  readonly audited?: AuditedSetting;
  /** Query parameters of its list, by name. */
  readonly filters?: Filters;
  /** Of its list: as in `Pages`. */
  readonly isSlow?: boolean;
  /** Its list's orders; newest first by default. */
  readonly orders?: Orders;
  /** Fields of the answer that are no columns, by name. */
  readonly computed?: Readonly<Record<string, Computed>>;
}

export interface Computed {
  /** Sees the row's table by its name. */
  readonly sql: string;
  readonly shape: Shape;
}

/** `office-hours` → `OfficeHours`, for the names of generated classes. */
export function classNameOf(path: string): string {
  return path.replace(/(?:^|[-/])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Generated classes are called what they would be called if they were written by hand, in logs and in OpenAPI. */
export function named<T extends object>(name: string, generated: T): T {
  return Object.defineProperty(generated, 'name', { value: name });
}
