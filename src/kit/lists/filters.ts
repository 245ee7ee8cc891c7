import { isUuid } from '../../core/database/uuid-v7.js';
import { check, IsInstant, QueryBoolean } from '../../core/validation/decorators.js';
import { UUID } from '../../core/wire/schema.js';

/** One query parameter of a list. */
export interface Filter {
  /** What its value must be; that it may be left out is a given. */
  readonly rules: readonly PropertyDecorator[];
  /** SQL over the row's columns. @param parameter the value's own, such as `$3` @param org the org's */
  readonly condition: (parameter: string, org: string) => string;
  /** True when no index may help, so that it must not hold up quick reads. */
  readonly maySlow?: boolean;
}

export type Filters = Readonly<Record<string, Filter>>;

export function equals(column: string, ...rules: PropertyDecorator[]): Filter {
  return { rules, condition: (parameter) => `${column} = ${parameter}` };
}

/** One of some values, or several of them with commas between. */
export function isAnyOf(column: string, values: readonly string[]): Filter {
  const areKnown = (value: unknown) =>
    typeof value === 'string' && value.split(',').every((each) => values.includes(each));
  const schema = { type: 'string', description: `One or several, with commas between: ${values.join(', ')}.` };
  return {
    rules: [check('anyOf', areKnown, `must be one or several of: ${values.join(', ')}`, { schema })],
    condition: (parameter) => `${column} = ANY (string_to_array(${parameter}, ','))`,
  };
}

export function IsId(): PropertyDecorator {
  return check('id', (value) => typeof value === 'string' && isUuid(value), 'must be a UUID', { schema: UUID });
}

/** Several ids with commas between. */
export function AreIds(max: number): PropertyDecorator {
  const areIds = (value: unknown) => {
    const ids = typeof value === 'string' ? value.split(',') : [];
    return ids.length > 0 && ids.length <= max && ids.every(isUuid);
  };
  const sentence = `must be 1 to ${max} UUIDs, with commas between`;
  return check('ids', areIds, sentence, {
    schema: { type: 'string', description: `1 to ${max} ids, with commas between.` },
  });
}

export function equalsId(column: string): Filter {
  return { rules: [IsId()], condition: (parameter) => `${column} = ${parameter}::uuid` };
}

export function isTrue(column: string): Filter {
  return { rules: [QueryBoolean()], condition: (parameter) => `${column} = ${parameter}::boolean` };
}

/** Later than an instant. */
export function after(column: string): Filter {
  return { rules: [IsInstant()], condition: (parameter) => `${column} > ${parameter}::timestamptz`, maySlow: true };
}

/** Earlier than an instant. */
export function before(column: string): Filter {
  return { rules: [IsInstant()], condition: (parameter) => `${column} < ${parameter}::timestamptz`, maySlow: true };
}

/** `from` an instant `to` another, both included. */
export function fromTo(column: string): Filters {
  const bound = (comparison: '>=' | '<='): Filter => ({
    rules: [IsInstant()],
    condition: (parameter) => `${column} ${comparison} ${parameter}::timestamptz`,
    maySlow: true,
  });
  return { from: bound('>='), to: bound('<=') };
}

/** `created_after`, `created_before`, `updated_after`, `updated_before`. */
export const CREATED_AND_UPDATED: Filters = {
  created_after: after('created_at'),
  created_before: before('created_at'),
  updated_after: after('updated_at'),
  updated_before: before('updated_at'),
};
