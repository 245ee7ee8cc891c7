import { ValidationTypes } from 'class-validator';
import type { RuleContext } from '../../core/validation/decorators.js';
import { ANY_OBJECT, INTEGER, type Schema, TEXT, URI, UUID } from '../../core/wire/schema.js';

/** The metadata of a class-validator rule. */
export interface Rule {
  readonly type: string;
  readonly name?: string;
  readonly constraints?: readonly unknown[];
  readonly each?: boolean;
  readonly context?: RuleContext;
}

/** Schemas of class-validator's own rules, by name. Custom rules have their schema in the context. */
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

/** Includes the type, because client generators don't infer it from the values. */
function enumOf(values: readonly unknown[]): Schema {
  const types = new Set(values.map((value) => (Number.isInteger(value) ? 'integer' : typeof value)));
  return { type: types.size === 1 ? [...types][0]! : [...types], enum: values };
}

/** Leaves out patterns with flags other than `u`, which JSON Schema can't express. */
function patternOf({ source, flags }: RegExp): Schema {
  return { type: 'string', ...(flags.replace('u', '') === '' ? { pattern: source } : {}) };
}

/** Returns the JSON Schema of a rule, or undefined if the rule has none. */
export function ruleSchema({ type, name = '', constraints = [], context }: Rule): Schema | undefined {
  if (type === ValidationTypes.CONDITIONAL_VALIDATION) return {};
  return context?.schema ?? KNOWN[name]?.(constraints);
}

/** Merges the rules of a property, and those of its list entries, into one schema. */
export function schemaOfRules(where: string, rules: readonly Rule[], nested: Schema | undefined): Schema {
  const of = (each: boolean): Schema =>
    Object.assign(
      {},
      ...rules
        .filter((rule) => (rule.each ?? false) === each)
        .map((rule) => {
          const schema = rule.type === ValidationTypes.NESTED_VALIDATION ? nested : ruleSchema(rule);
          if (schema === undefined) throw new Error(`${where}: the rule ${rule.name} has no JSON Schema`);
          return schema;
        }),
    ) as Schema;
  const own = of(false);
  const items = of(true);
  // The referenced schema has the type, so the other keywords are redundant.
  if ('$ref' in own) return { $ref: own['$ref'] };
  return Object.keys(items).length === 0 ? own : { type: 'array', ...own, items };
}
