import type { Examples, ExampleFields, ExampleValue, OperationExamples } from '../../core/wire/examples.js';
import type { Schema } from '../../core/wire/schema.js';

type Schemas = Readonly<Record<string, Schema>>;

/** Fields with the same value in every example that doesn't state another one. */
const COMMON_FIELDS: ExampleFields = {
  created_at: '2026-03-02T09:30:00.000Z',
  updated_at: '2026-03-09T14:05:00.000Z',
  next: null,
};

/** A schema whose authored example lacks a value. */
export class MissingExample extends Error {
  override readonly name = 'MissingExample';

  /** @param field `Contact.email` */
  constructor(readonly field: string) {
    super(`${field} has no example`);
  }
}

/** Finds authored examples, and composes those of larger schemas from them. */
export class ExampleBook {
  readonly #authored: Readonly<Record<string, ExampleFields>>;
  readonly #paths: Readonly<Record<string, string>>;
  readonly #operations: Readonly<Record<string, OperationExamples>>;

  /** @throws Error if two features have an example of one schema, path or operation */
  constructor(
    private readonly schemas: Schemas,
    catalogue: readonly Examples[],
  ) {
    this.#authored = merged(
      'schema',
      catalogue.map(({ schemas: each = {} }) => each),
    );
    this.#paths = merged(
      'path',
      catalogue.map(({ paths = {} }) => paths),
    );
    this.#operations = merged(
      'operation',
      catalogue.map(({ operations = {} }) => operations),
    );
  }

  /** What is authored, by kind: the names of the schemas, paths and operations. */
  get names(): Readonly<Record<'schemas' | 'paths' | 'operations', readonly string[]>> {
    return {
      schemas: Object.keys(this.#authored),
      paths: Object.keys(this.#paths),
      operations: Object.keys(this.#operations),
    };
  }

  ofOperation(operationId: string): OperationExamples {
    return this.#operations[operationId] ?? {};
  }

  /** Returns the value of a path parameter. @throws MissingExample */
  ofPathParameter(template: string, name: string): string {
    const path = template.slice(0, template.indexOf(`{${name}}`) + name.length + 2);
    const value = this.#paths[path];
    if (value === undefined) throw new MissingExample(`the path parameter of ${path}`);
    return value;
  }

  /**
   * Returns an example of a schema.
   * @param replaced fields that differ from the schema's own example, or the whole value if it is no object
   * @throws MissingExample if a field has no authored value
   */
  ofSchema(schema: Schema, where: string, replaced?: ExampleValue): ExampleValue {
    if (replaced !== undefined && !isFields(replaced)) return replaced;
    const name = referredBy(schema);
    if (name !== undefined) {
      return this.ofSchema(this.schemas[name]!, name, { ...this.#authored[name], ...replaced });
    }
    const alternatives = (schema['anyOf'] ?? schema['oneOf']) as readonly Schema[] | undefined;
    if (alternatives !== undefined && schema['properties'] === undefined) {
      return this.ofSchema(alternatives.find(({ type }) => type !== 'null') ?? alternatives[0]!, where, replaced);
    }
    if (isOnlyValue(schema)) return onlyValueOf(schema);
    const properties = schema['properties'] as Schemas | undefined;
    if (properties !== undefined) return this.#ofObject(schema, properties, where, replaced);
    if (schema.type === 'array') return [this.ofSchema(schema['items'] as Schema, `${where}.[]`)];
    if (replaced !== undefined) return replaced;
    throw new MissingExample(where);
  }

  #ofObject(schema: Schema, properties: Schemas, where: string, authored: ExampleFields = {}): ExampleFields {
    const required = (schema['required'] as readonly string[] | undefined) ?? [];
    const composed = Object.entries(properties)
      .filter(([name]) => name in authored || required.includes(name))
      .map(([name, property]): [string, ExampleValue] => {
        if (name in authored) return [name, authored[name]!];
        if (name in COMMON_FIELDS) return [name, COMMON_FIELDS[name]!];
        return [name, this.ofSchema(property, `${where}.${name}`)];
      });
    const undeclared = Object.entries(authored).filter(([name]) => !(name in properties));
    return Object.fromEntries([...composed, ...undeclared]);
  }
}

function merged<T>(kind: string, parts: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  const entries = parts.flatMap((part) => Object.entries(part));
  const result = Object.fromEntries(entries);
  const twice = entries.find(([name, value]) => result[name] !== value);
  if (twice !== undefined) throw new Error(`The ${kind} ${twice[0]} has two examples`);
  return result;
}

function isFields(value: ExampleValue): value is ExampleFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function referredBy(schema: Schema): string | undefined {
  const reference = schema['$ref'];
  return typeof reference === 'string' ? reference.split('/').at(-1) : undefined;
}

/** Whether the schema allows one value only. */
function isOnlyValue(schema: Schema): boolean {
  return schema.type === 'null' || 'const' in schema || (schema['enum'] as unknown[] | undefined)?.length === 1;
}

function onlyValueOf(schema: Schema): ExampleValue {
  if (schema.type === 'null') return null;
  return (schema['const'] ?? (schema['enum'] as unknown[])[0]) as ExampleValue;
}
