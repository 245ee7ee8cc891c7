/** A class whose fields are known: by `@Field`, by its columns, or by its rules. */
export type Class<T extends object = object> = abstract new (...args: never[]) => T;

/** JSON Schema 2020-12, in which a class stands for its own schema wherever a schema can be. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly [keyword: string]: unknown;
}

export type Shape = Schema | Class;

export const TEXT = { type: 'string' } as const;
export const UUID = { type: 'string', format: 'uuid' } as const;
/** Any spelling is read, of a domain in Unicode too. */
export const EMAIL = { type: 'string', format: 'idn-email' } as const;
export const HOSTNAME = { type: 'string', format: 'idn-hostname' } as const;
export const URI = { type: 'string', format: 'uri' } as const;
/** ISO 8601 UTC with milliseconds. */
export const INSTANT = { type: 'string', format: 'date-time' } as const;
export const INTEGER = { type: 'integer' } as const;
export const BOOLEAN = { type: 'boolean' } as const;
/** Said openly: without `additionalProperties` client generators make it an object that has no fields. */
export const ANY_OBJECT = { type: 'object', additionalProperties: true } as const;

export function listOf(items: Shape): Schema {
  return { type: 'array', items };
}

/** An object with any names. */
export function mapOf(values: Shape): Schema {
  return { type: 'object', additionalProperties: values };
}

/** One of a few texts. */
export function oneOf(values: readonly string[]): Schema {
  return { type: 'string', enum: values };
}

export function nullable(shape: Shape): Schema {
  if (typeof shape === 'function' || shape.type === undefined) return { anyOf: [shape, { type: 'null' }] };
  const { enum: values } = shape;
  return {
    ...shape,
    type: [shape.type, 'null'].flat(),
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}

/** What every list of ours answers. */
export function pageOf(item: Shape): Schema {
  return {
    type: 'object',
    required: ['items', 'next'],
    properties: {
      items: listOf(item),
      next: { ...nullable(TEXT), description: 'The cursor of the next page; null on the last one.' },
    },
  };
}
