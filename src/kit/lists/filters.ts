import { isUuid } from '../../core/wire/row-id.js';
import { check, QueryBoolean } from '../../core/validation/decorators.js';
import { UUID } from '../../core/wire/schema.js';

/** One query parameter of a list. */
export interface Filter {
  /** Validation rules of the value. Every filter is optional. */
  readonly rules: readonly PropertyDecorator[];
  /** SQL over the row's columns. @param parameter of the value, such as `$3` @param org parameter of the org's id */
  readonly condition: (parameter: string, org: string) => string;
  /** True if possibly no index applies. The list then uses `slowReads`, so that it doesn't delay fast reads. */
  readonly isSlow?: boolean;
}

export type Filters = Readonly<Record<string, Filter>>;

export function equals(column: string, ...rules: PropertyDecorator[]): Filter {
  return { rules, condition: (parameter) => `${column} = ${parameter}` };
}

/** One or several of `values`, separated by commas. */
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

/** Accepts up to `max` ids, separated by commas. */
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

export function isTrue(column: string, ...rules: PropertyDecorator[]): Filter {
  return { rules: [QueryBoolean(), ...rules], condition: (parameter) => `${column} = ${parameter}::boolean` };
}
