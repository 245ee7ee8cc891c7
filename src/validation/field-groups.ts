import type { FieldProblem } from '../errors/app-error.js';
import { nestedFieldsOf } from './nested-shape.js';

/** Fields of a DTO that depend on each other. */
export interface FieldGroup {
  readonly needs: 'a value' | 'a mention' | 'exactly one';
  readonly names: readonly string[];
}

const GROUPS = Symbol('field groups');

/** The body has a value for at least one of the fields; null, an empty text and an empty list are none. */
export function RequiresValueOf(...names: readonly string[]): ClassDecorator {
  return (dto) => add(dto, { needs: 'a value', names });
}

/** The body has at least one of the fields; null counts. */
export function RequiresMentionOf(...names: readonly string[]): ClassDecorator {
  return (dto) => add(dto, { needs: 'a mention', names });
}

export function RequiresExactlyOneOf(...names: readonly string[]): ClassDecorator {
  return (dto) => add(dto, { needs: 'exactly one', names });
}

/** Those of a class and of the classes it extends. */
export function fieldGroupsOf(dto: object): readonly FieldGroup[] {
  return (Reflect.getMetadata(GROUPS, dto) as readonly FieldGroup[] | undefined) ?? [];
}

/**
 * The groups that an instance and the DTOs in it don't satisfy.
 * @param instance of a DTO whose fields are right one by one
 */
export function groupProblems(instance: object, parent = ''): FieldProblem[] {
  const { constructor } = Object.getPrototypeOf(instance) as { constructor: abstract new () => object };
  const values = instance as Record<string, unknown>;
  const problems = fieldGroupsOf(constructor).flatMap((group) => problemOf(group, values, parent));
  for (const [name, isList] of nestedFieldsOf(constructor)) {
    const field = parent === '' ? name : `${parent}.${name}`;
    for (const [index, item] of [values[name]].flat().entries()) {
      if (typeof item !== 'object' || item === null) continue;
      problems.push(...groupProblems(item, isList ? `${field}.${index}` : field));
    }
  }
  return problems;
}

function problemOf({ needs, names }: FieldGroup, values: Record<string, unknown>, parent: string): FieldProblem[] {
  const counts = needs === 'a value' ? hasContent : isPresent;
  const found = names.filter((name) => counts(values[name])).length;
  if (needs === 'exactly one' ? found === 1 : found > 0) return [];
  const paths = names.map((name) => (parent === '' ? name : `${parent}.${name}`));
  if (needs !== 'exactly one') return [{ field: paths[0]!, message: `${paths.join(' or ')} is required` }];
  const whole = parent === '' ? 'The body' : parent;
  return [{ field: parent, message: `${whole} must have exactly one of ${listed(names)}` }];
}

function isPresent(value: unknown): boolean {
  return value !== undefined;
}

function hasContent(value: unknown): boolean {
  return isPresent(value) && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function listed(names: readonly string[]): string {
  return names.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

function add(dto: object, group: FieldGroup): void {
  Reflect.defineMetadata(GROUPS, [...fieldGroupsOf(dto), group], dto);
}
