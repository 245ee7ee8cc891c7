import { getMetadataStorage } from 'class-validator';
import { getMetadataArgsStorage } from 'typeorm';
import { MetadataUtils } from 'typeorm/metadata-builder/MetadataUtils.js';
import { fieldGroupsOf } from '../../core/validation/field-groups.js';
import { type Description, descriptionOf, ownFieldsOf, partBehind } from '../../core/wire/field.js';
import {
  BOOLEAN,
  type Class,
  INSTANT,
  INTEGER,
  nullable,
  type Schema,
  type Shape,
  TEXT,
  UUID,
} from '../../core/wire/schema.js';
import { schemaOfGroups } from './group-schema.js';
import { type Rule, schemaOfRules } from './rule-schema.js';

/** Request bodies are closed to unknown fields. Responses stay open, so that fields can be added. */
type Direction = 'request' | 'response';
interface Property {
  readonly schema: Schema;
  readonly isRequired: boolean;
}
type Properties = ReadonlyMap<string, Property>;

const COLUMN_TYPES: Readonly<Record<string, Schema>> = {
  uuid: UUID,
  text: TEXT,
  boolean: BOOLEAN,
  integer: INTEGER,
  'double precision': { type: 'number' },
  timestamptz: INSTANT,
};
const DECLARED_TYPES = new Map<unknown, Schema>([
  [String, TEXT],
  [Boolean, BOOLEAN],
  [Date, INSTANT],
]);
/** The order of `rowAsJson`. */
const LAST = ['created_at', 'updated_at'];

/** Converts classes to JSON Schema, each once, under its own name. */
export class ClassSchemas {
  readonly #named = new Map<string, { readonly type: Class; readonly direction: Direction; schema: Schema }>();

  /** @param shown replaces schemas, by identity */
  constructor(private readonly shown: ReadonlyMap<unknown, Schema>) {}

  /** The schemas by class name, in alphabetical order. */
  get components(): Record<string, Schema> {
    const entries = [...this.#named].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(entries.map(([name, { schema }]) => [name, schema]));
  }

  /** Returns the schema with each class replaced by a reference. */
  resolve(shape: Shape, direction: Direction): Schema {
    return this.#resolved(shape, direction) as Schema;
  }

  /** Returns the properties of a class: `id` first, timestamps last. */
  propertiesOf(type: Class, direction: Direction): Properties {
    return new Map([...this.#allProperties(type, direction)].sort(([one], [other]) => rank(one) - rank(other)));
  }

  #resolved(part: unknown, direction: Direction): unknown {
    const shown = this.shown.get(part);
    if (shown !== undefined) return shown;
    if (typeof part === 'function') return this.#referTo(part as Class, direction);
    if (Array.isArray(part)) return part.map((item) => this.#resolved(item, direction));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, this.#resolved(value, direction)]));
  }

  #referTo(type: Class, direction: Direction): Schema {
    const { name } = type;
    const known = this.#named.get(name);
    if (known !== undefined && known.type !== type) throw new Error(`Two classes are called ${name}`);
    if (known !== undefined && known.direction !== direction) {
      throw new Error(`${name} is sent and got: a client's fields and ours need a class each`);
    }
    if (known === undefined) {
      const entry = { type, direction, schema: {} as Schema };
      // Registered before its fields, which may refer back to it.
      this.#named.set(name, entry);
      entry.schema = this.#objectSchema(type, direction);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #objectSchema(type: Class, direction: Direction): Schema {
    const properties = [...this.propertiesOf(type, direction)];
    if (properties.length === 0) throw new Error(`${type.name} has no field that is known: say it with @Field`);
    const fields = Object.fromEntries(properties.map(([name, { schema }]) => [name, schema]));
    const required = properties.filter(([, { isRequired }]) => isRequired).map(([name]) => name);
    return {
      type: 'object',
      ...(required.length > 0 ? { required } : {}),
      properties: fields,
      ...(direction === 'request' ? { additionalProperties: false } : {}),
      ...schemaOfGroups(fieldGroupsOf(type), fields),
    };
  }

  #allProperties(type: Class, direction: Direction): Properties {
    const part = inheritedPart(type);
    const whole = part && this.#allProperties(part.whole, direction);
    const picked = part?.names.map((name): [string, Property] => [name, propertyOrThrow(whole!, type, name)]) ?? [];
    const rules = rulesOf(type);
    const typed = [...columnsOf(type), ...this.#fields(type, direction)].map(([name, schema]): [string, Property] => [
      name,
      { schema, isRequired: isRequired(rules.get(name)) },
    ]);
    const hidden = hiddenColumnsOf(type);
    const ruled = [...rules].filter(([name]) => !typed.some(([known]) => known === name) && !hidden.includes(name));
    const own = [...this.#ruled(type, direction, ruled), ...typed].map(([name, { schema, isRequired: required }]) => {
      return [name, { schema: described(schema, descriptionOf(type, name)), isRequired: required }] as const;
    });
    return new Map([...picked, ...own]);
  }

  #fields(type: Class, direction: Direction): [string, Schema][] {
    return inheritanceOf(type).flatMap((ancestor) =>
      [...ownFieldsOf(ancestor)].map(([name, stated]): [string, Schema] => {
        const declared = Reflect.getMetadata('design:type', ancestor.prototype as object, name) as unknown;
        const shape = stated ?? DECLARED_TYPES.get(declared);
        if (shape === undefined && !isClass(declared)) {
          throw new Error(`${ancestor.name}.${name}: @Field has to say what it is`);
        }
        return [name, this.resolve(shape ?? (declared as Class), direction)];
      }),
    );
  }

  #ruled(type: Class, direction: Direction, ruled: readonly (readonly [string, Rule[]])[]): [string, Property][] {
    const presets = direction === 'request' ? presetsOf(type) : {};
    return ruled.map(([name, own]) => {
      const nested = own.find(({ context }) => context?.nested)?.context?.nested?.();
      const rules = schemaOfRules(`${type.name}.${name}`, own, nested && this.resolve(nested, direction));
      const base = this.resolve(rules, direction);
      const schema = own.some(({ context }) => context?.mayBeNull) ? nullable(base) : base;
      const preset = presets[name];
      return [name, { schema: preset == null ? schema : { ...schema, default: preset }, isRequired: isRequired(own) }];
    });
  }
}

function described(schema: Schema, description: Description | undefined): Schema {
  if (description === undefined) return schema;
  const { sentence, storedOnly } = description;
  if (storedOnly === undefined) return { description: sentence, ...schema };
  return { ...schema, description: `${sentence} ${storedOnly}`, 'x-stored-only': storedOnly };
}

/** Returns the validation rules by property. */
function rulesOf(type: Class): Map<string, Rule[]> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return Map.groupBy(rules as (Rule & { readonly propertyName: string })[], ({ propertyName }) => propertyName);
}

function isRequired(rules: readonly Rule[] = []): boolean {
  return !rules.some(({ context }) => context?.mayBeLeftOut);
}

/** Returns the classes of the inheritance chain, base class first. */
function inheritanceOf(type: Class): Class[] {
  const parent = Object.getPrototypeOf(type) as Class;
  return parent === Function.prototype ? [type] : [...inheritanceOf(parent), type];
}

function inheritedPart(type: Class) {
  return inheritanceOf(type)
    .map(partBehind)
    .find((part) => part !== undefined);
}

function propertyOrThrow(whole: Properties, type: Class, name: string): Property {
  const property = whole.get(name);
  if (property === undefined) throw new Error(`${type.name}.${name} is no field that leaves the server`);
  return property;
}

function allColumnsOf(type: Class) {
  return getMetadataArgsStorage().filterColumns(MetadataUtils.getInheritanceTree(type as never));
}

/** Columns that are never selected, such as secrets: they are not part of a response. */
function hiddenColumnsOf(type: Class): string[] {
  return allColumnsOf(type)
    .filter(({ options }) => options.select === false)
    .map(({ propertyName }) => propertyName);
}

function columnsOf(type: Class): [string, Schema][] {
  return allColumnsOf(type)
    .filter(({ options }) => options.select !== false)
    .filter(({ propertyName }) => !inheritanceOf(type).some((each) => ownFieldsOf(each).has(propertyName)))
    .map(({ propertyName, options }) => {
      const schema = COLUMN_TYPES[String(options.type)];
      if (schema === undefined) throw new Error(`${type.name}.${propertyName}: @Field has to say what it holds`);
      const value = options.array ? { type: 'array', items: schema } : schema;
      return [propertyName, options.nullable ? nullable(value) : value];
    });
}

/** Returns the defaults of optional fields. Only the field initializers hold them, so it creates an instance. */
function presetsOf(type: Class): Readonly<Record<string, unknown>> {
  return { ...new (type as new () => object)() };
}

function isClass(value: unknown): value is Class {
  return typeof value === 'function' && ![Object, Array, Number, Promise].includes(value as never);
}

function rank(name: string): number {
  return name === 'id' ? -1 : LAST.indexOf(name) + 1;
}
