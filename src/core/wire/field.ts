import type { Class, Shape } from './schema.js';

type Fields = Map<string, Shape | undefined>;

export interface Description {
  readonly sentence: string;
  /** Which program reads a field that no code here reads, as a sentence. */
  readonly storedOnly?: string;
}

/** Some fields of another class. */
export interface Part {
  readonly whole: Class;
  readonly names: readonly string[];
}

const fields = new WeakMap<object, Fields>();
const descriptions = new WeakMap<object, Map<string, Description>>();
const parts = new WeakMap<object, Part>();

/**
 * Declares a field of a response. Without a shape, its schema follows from the declared type: string, boolean, Date or a
 * class.
 * @example @Field(nullable(INSTANT)) expires_at: Date | null;
 */
export function Field(shape?: Shape): PropertyDecorator {
  return (prototype, name) => {
    let own = fields.get(prototype);
    if (own === undefined) fields.set(prototype, (own = new Map()));
    own.set(String(name), shape);
  };
}

/**
 * The description of a field in the API document. `storedOnly` follows the sentence, and is its `x-stored-only`.
 * @example @About('Voice of the agent.', { storedOnly: 'Only the telephony system uses it.' })
 */
export function About(sentence: string, details: Pick<Description, 'storedOnly'> = {}): PropertyDecorator {
  return (prototype, name) => {
    let own = descriptions.get(prototype);
    if (own === undefined) descriptions.set(prototype, (own = new Map()));
    own.set(String(name), { sentence, ...details });
  };
}

/** A class with some fields of another class, which defines them. */
export function partOf<T extends object, const Name extends keyof T & string>(
  whole: Class<T>,
  ...names: readonly Name[]
): new () => Pick<T, Name> {
  const part = class {};
  parts.set(part, { whole, names });
  return part as new () => Pick<T, Name>;
}

/** The `@Field`s of a class without inherited ones; undefined means the declared type. */
export function ownFieldsOf(type: Class): ReadonlyMap<string, Shape | undefined> {
  return fields.get(type.prototype as object) ?? new Map();
}

/** The `@About` of a field, in the class or a base class. */
export function descriptionOf(type: Class, name: string): Description | undefined {
  let prototype = type.prototype as object | null;
  for (; prototype !== null; prototype = Object.getPrototypeOf(prototype) as object | null) {
    const description = descriptions.get(prototype)?.get(name);
    if (description !== undefined) return description;
  }
  return undefined;
}

export function partBehind(type: Class): Part | undefined {
  return parts.get(type);
}
