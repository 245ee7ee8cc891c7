import type { Class, Shape } from './schema.js';

type Fields = Map<string, Shape | undefined>;

/** Some fields of another class. */
export interface Part {
  readonly whole: Class;
  readonly names: readonly string[];
}

const fields = new WeakMap<object, Fields>();
const parts = new WeakMap<object, Part>();

/**
 * A field of an answer. Without a shape the declared type says it: string, boolean, Date or a class.
 * @example @Field(nullable(INSTANT)) expires_at: Date | null;
 */
export function Field(shape?: Shape): PropertyDecorator {
  return (prototype, name) => {
    let own = fields.get(prototype);
    if (own === undefined) fields.set(prototype, (own = new Map()));
    own.set(String(name), shape);
  };
}

/** A class with some of another's fields; what they are is said there. */
export function partOf<T extends object, const Name extends keyof T & string>(
  whole: Class<T>,
  ...names: readonly Name[]
): new () => Pick<T, Name> {
  const part = class {};
  parts.set(part, { whole, names });
  return part as new () => Pick<T, Name>;
}

/** What `@Field` says of a class itself, without what it inherits; undefined stands for the declared type. */
export function ownFieldsOf(type: Class): ReadonlyMap<string, Shape | undefined> {
  return fields.get(type.prototype as object) ?? new Map();
}

export function partBehind(type: Class): Part | undefined {
  return parts.get(type);
}
