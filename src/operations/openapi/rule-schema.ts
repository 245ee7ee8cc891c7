import { ValidationTypes } from 'class-validator';
import type { RuleContext } from '../../core/validation/decorators.js';
import { ANY_OBJECT, INTEGER, type Schema, TEXT, URI, UUID } from '../../core/wire/schema.js';

/** One rule as class-validator keeps it. */
export interface Rule {
  readonly type: string;
  readonly name?: string;
  readonly constraints?: readonly unknown[];
  readonly each?: boolean;
  readonly context?: RuleContext;
}

/** class-validator's own rules by name; ours bring their schema along. */
const KNOWN: Readonly<Record<string, (constraints: readonly unknown[]) => Schema>> = {
  isString: () => TEXT,
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => INTEGER,
  isNumber: () => ({ type: 'number' }),
  isArray: () => ({ type: 'array' }),
  isObject: () => ANY_OBJECT,
  isDefined: () => ({}),
  isUrl: () => URI,
  isUuid: () => UUID,
  isIn: ([values]) => enumOf(values as readonly unknown[]),
  matches: ([pattern]) => patternOf(pattern as RegExp),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  minLength: ([minLength]) => (minLength === 0 ? TEXT : { type: 'string', minLength }),
  maxLength: ([maxLength]) => ({ type: 'string', maxLength }),
  arrayMinSize: ([minItems]) => ({ minItems }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  arrayUnique: () => ({ uniqueItems: true }),
  arrayNotEmpty: () => ({ minItems: 1 }),
};

/** With its type, which generators of clients don't infer. */
function enumOf(values: readonly unknown[]): Schema {
  const types = new Set(values.map((value) => (Number.isInteger(value) ? 'integer' : typeof value)));
  return { type: types.size === 1 ? [...types][0]! : [...types], enum: values };
}

/** JSON Schema has no flags. */
function patternOf({ source, flags }: RegExp): Schema {
  return { type: 'string', ...(flags.replace('u', '') === '' ? { pattern: source } : {}) };
}

/** What one rule asks of a value; undefined when nobody has said it in JSON Schema. */
export function ruleSchema({ type, name = '', constraints = [], context }: Rule): Schema | undefined {
  if (type === ValidationTypes.CONDITIONAL_VALIDATION) return {};
  return context?.schema ?? KNOWN[name]?.(constraints);
}

/** The rules of one property, those of a list's entries among them, as one schema. */
export function schemaOfRules(where: string, rules: readonly Rule[], nested: Schema | undefined): Schema {
  const of = (each: boolean): Schema =>
    Object.assign(
      {},
      ...rules
        .filter((rule) => (rule.each ?? false) === each)
        .map((rule) => {
          const schema = rule.type === ValidationTypes.NESTED_VALIDATION ? nested : ruleSchema(rule);
          if (schema === undefined) throw new Error(`${where}: nobody has said what ${rule.name} is in JSON Schema`);
          return schema;
        }),
    ) as Schema;
  const own = of(false);
  const items = of(true);
  // A reference is a schema of its own: that it is an object, it says itself.
  if ('$ref' in own) return { $ref: own['$ref'] };
  return Object.keys(items).length === 0 ? own : { type: 'array', ...own, items };
}
