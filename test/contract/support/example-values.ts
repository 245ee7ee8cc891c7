import { EXAMPLE_IDS, EXAMPLE_TOKENS } from '../../../src/core/wire/example-ids.js';
import type { ExampleValue } from '../../../src/core/wire/examples.js';

/** Values of the examples that the server makes, by name. A program that plays the examples learns the real ones. */
export const SERVER_VALUES: Readonly<Record<string, string>> = { ...EXAMPLE_IDS, ...EXAMPLE_TOKENS };
const NAMES = new Map(Object.entries(SERVER_VALUES).map(([name, value]) => [value, name]));
/** Texts that can hold such a value between two of these are URLs. */
const SEPARATORS = /[/?&=]/;

/** Where in an answer the real value of a name stands. */
export interface Binding {
  readonly name: string;
  readonly keys: readonly (string | number)[];
  /** Which part of a URL it is; undefined: it is the whole text. */
  readonly part?: number;
}

/** The server's values that an example answer contains. */
export function bindingsIn(value: ExampleValue | undefined, keys: readonly (string | number)[] = []): Binding[] {
  if (typeof value === 'string') return bindingsInText(value, keys);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]: [string, ExampleValue]) =>
    bindingsIn(each, [...keys, Array.isArray(value) ? Number(key) : key]),
  );
}

function bindingsInText(text: string, keys: readonly (string | number)[]): Binding[] {
  const name = NAMES.get(text);
  if (name !== undefined) return [{ name, keys }];
  return text.split(SEPARATORS).flatMap((each, part) => {
    const found = NAMES.get(each);
    return found === undefined ? [] : [{ name: found, keys, part }];
  });
}

/** Returns the real value in an answer; undefined if the answer has none there. */
export function boundValue({ keys, part }: Binding, answer: unknown): string | undefined {
  const found = keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], answer);
  if (typeof found !== 'string') return undefined;
  return part === undefined ? found : found.split(SEPARATORS)[part];
}

/** Replaces the server's values inside a value. @param replacement of a name; undefined leaves the example's value */
export function withValues<Value>(value: Value, replacement: (name: string) => string | undefined): Value {
  const text = JSON.stringify(value);
  if (text === undefined) return value;
  const replaced = [...NAMES].reduce((whole, [example, name]) => {
    const real = whole.includes(example) ? replacement(name) : undefined;
    return real === undefined ? whole : whole.replaceAll(example, real);
  }, text);
  return JSON.parse(replaced) as Value;
}
