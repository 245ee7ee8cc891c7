/** A class whose fields are known from `@Field`, columns or validation rules. */
export type Class<T extends object = object> = abstract new (...args: never[]) => T;

/** JSON Schema 2020-12, where a class can stand for its schema. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly [keyword: string]: unknown;
}

export type Shape = Schema | Class;

export const TEXT = { type: 'string' } as const;
export const UUID = { type: 'string', format: 'uuid' } as const;
/** Accepts any form, also domains in Unicode. */
export const EMAIL = { type: 'string', format: 'idn-email' } as const;
export const HOSTNAME = { type: 'string', format: 'idn-hostname' } as const;
export const URI = { type: 'string', format: 'uri' } as const;
/** ISO 8601 UTC with milliseconds. */
export const INSTANT = { type: 'string', format: 'date-time' } as const;
export const INTEGER = { type: 'integer' } as const;
export const BOOLEAN = { type: 'boolean' } as const;
/** `additionalProperties` is explicit, because client generators otherwise make an object without fields. */
export const ANY_OBJECT = { type: 'object', additionalProperties: true } as const;

export function listOf(items: Shape): Schema {
  return { type: 'array', items };
}

/** An object with any keys. */
export function mapOf(values: Shape): Schema {
  return { type: 'object', additionalProperties: values };
}

/** One of several strings. */
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

/** The shape of every list. */
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
