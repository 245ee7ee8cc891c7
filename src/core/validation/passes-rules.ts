import { getMetadataStorage, type ValidationArguments, ValidationTypes } from 'class-validator';

type DtoClass = abstract new () => object;
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Rule = (object: object, value: unknown) => boolean;

/** One field of a DTO with its class-validator rules. */
interface Field {
  readonly name: string;
  /** Whether the rules apply, from `@Optional()` and similar. */
  readonly conditions: readonly Rule[];
  readonly rules: readonly Rule[];
  readonly holds: 'DTO' | 'DTOs' | undefined;
}

const RULES: ReadonlySet<string> = new Set([ValidationTypes.CUSTOM_VALIDATION, ValidationTypes.IS_DEFINED]);

const known = new WeakMap<DtoClass, ReadonlyMap<string, Field>>();

/**
 * True if a DTO instance certainly satisfies all of its rules. class-validator collects the rules again for each object,
 * which takes 10% of the time of a write. It still runs for instances that don't pass here, because it has the messages.
 */
export function passesRules(instance: object): boolean {
  const { constructor } = Object.getPrototypeOf(instance) as object;
  const fields = fieldsOf(constructor as DtoClass);
  for (const name of Object.keys(instance)) if (!fields.has(name)) return false;
  for (const field of fields.values()) if (!passes(field, instance)) return false;
  return fields.size > 0;
}

function passes({ name, conditions, rules, holds }: Field, instance: object): boolean {
  const value = (instance as Record<string, unknown>)[name];
  if (!conditions.every((applies) => applies(instance, value))) return true;
  if (!rules.every((rule) => rule(instance, value))) return false;
  if (holds === undefined || value === undefined) return true;
  return holds === 'DTO' ? isPassing(value) : Array.isArray(value) && value.every(isPassing);
}

function isPassing(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && passesRules(value);
}

function fieldsOf(dto: DtoClass): ReadonlyMap<string, Field> {
  let fields = known.get(dto);
  if (fields === undefined) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
    const byField = Map.groupBy(metadata, ({ propertyName }) => propertyName);
    fields = new Map([...byField].map(([name, own]) => [name, fieldOf(name, own)]));
    known.set(dto, fields);
  }
  return fields;
}

function fieldOf(name: string, metadata: readonly Metadata[]): Field {
  const conditions: Rule[] = [];
  const rules: Rule[] = [];
  let holds: Field['holds'];
  for (const each of metadata) {
    if (RULES.has(each.type)) rules.push(...rulesOf(each));
    else if (each.type === ValidationTypes.CONDITIONAL_VALIDATION) conditions.push(each.constraints[0] as Rule);
    else if (each.type === ValidationTypes.NESTED_VALIDATION) holds = each.each ? 'DTOs' : 'DTO';
    // class-validator checks the rules that are unknown here.
    else if (each.type !== ValidationTypes.WHITELIST) rules.push(() => false);
  }
  return { name, conditions, rules, holds };
}

function rulesOf({ constraintCls, constraints, each, propertyName: property, validateIf }: Metadata): Rule[] {
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ instance }) => (object, value) => {
      if (validateIf && !validateIf(object, value)) return true;
      const given: ValidationArguments = { targetName: object.constructor.name, property, object, value, constraints };
      // An asynchronous rule returns a promise, which doesn't pass.
      const isValid = (one: unknown) => instance.validate(one, given) === true;
      return each && Array.isArray(value) ? value.every(isValid) : isValid(value);
    });
}
