import type { FieldProblem } from '../errors/app-error.js';
import { nestedFieldsOf } from './nested-shape.js';

/** A rule for several fields of a DTO together. */
export interface FieldGroup {
  readonly needs: 'a value' | 'a mention' | 'exactly one';
  readonly names: readonly string[];
}

const GROUPS = Symbol('field groups');

/** Requires a value for at least one of the fields. Null, empty strings and empty lists don't count. */
export function RequiresValueOf(...names: readonly string[]): ClassDecorator {
  return (dto) => add(dto, { needs: 'a value', names });
}

/** Requires at least one of the fields. Null counts. */
export function RequiresMentionOf(...names: readonly string[]): ClassDecorator {
  return (dto) => add(dto, { needs: 'a mention', names });
}

export function RequiresExactlyOneOf(...names: readonly string[]): ClassDecorator {
  return (dto) => add(dto, { needs: 'exactly one', names });
}

/** The groups of a class and its base classes. */
export function fieldGroupsOf(dto: object): readonly FieldGroup[] {
  return (Reflect.getMetadata(GROUPS, dto) as readonly FieldGroup[] | undefined) ?? [];
}

interface Shape {
  readonly groups: readonly FieldGroup[];
  readonly nested: readonly (readonly [name: string, isList: boolean])[];
}

const shapes = new WeakMap<object, Shape>();
const NONE: readonly FieldProblem[] = [];

/**
 * The violated groups of an instance and of its nested DTOs.
 * @param instance of a DTO whose fields are valid one by one
 */
export function groupProblems(instance: object, parent = ''): readonly FieldProblem[] {
  const { constructor } = Object.getPrototypeOf(instance) as { constructor: abstract new () => object };
  const { groups, nested } = shapeOf(constructor);
  const values = instance as Record<string, unknown>;
  let problems = NONE;
  for (const group of groups) {
    const problem = problemOf(group, values, parent);
    if (problem) problems = [...problems, problem];
  }
  for (const [name, isList] of nested) {
    const value = values[name];
    if (typeof value !== 'object' || value === null) continue;
    const field = parent === '' ? name : `${parent}.${name}`;
    const items = isList && Array.isArray(value) ? (value as unknown[]) : [value];
    for (const [index, item] of items.entries()) {
      if (typeof item !== 'object' || item === null) continue;
      const found = groupProblems(item, isList ? `${field}.${index}` : field);
      if (found.length > 0) problems = [...problems, ...found];
    }
  }
  return problems;
}

/** Cached, because reading the decorators takes longer than checking a body. */
function shapeOf(dto: abstract new () => object): Shape {
  let shape = shapes.get(dto);
  if (shape === undefined) shapes.set(dto, (shape = { groups: fieldGroupsOf(dto), nested: [...nestedFieldsOf(dto)] }));
  return shape;
}

function problemOf(
  { needs, names }: FieldGroup,
  values: Record<string, unknown>,
  parent: string,
): FieldProblem | undefined {
  const counts = needs === 'a value' ? hasContent : isPresent;
  let found = 0;
  for (const name of names) if (counts(values[name])) found++;
  if (needs === 'exactly one' ? found === 1 : found > 0) return undefined;
  const paths = names.map((name) => (parent === '' ? name : `${parent}.${name}`));
  if (needs !== 'exactly one') return { field: paths[0]!, message: `${paths.join(' or ')} is required` };
  const whole = parent === '' ? 'The body' : parent;
  return { field: parent, message: `${whole} must have exactly one of ${listed(names)}` };
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
