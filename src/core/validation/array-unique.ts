import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * No entry of a list is there twice. class-validator's own rule takes a time that grows with the square of the list.
 * @param keyOf what tells one entry from another; the entry itself by default
 */
export function ArrayUnique<T>(keyOf: (entry: T) => unknown = (entry) => entry, options?: ValidationOptions) {
  // What an entry must be, other rules say.
  const key = (entry: T | null | undefined) => (entry === null || entry === undefined ? entry : keyOf(entry));
  const validate = (value: unknown) => Array.isArray(value) && new Set(value.map(key)).size === value.length;
  const defaultMessage = buildMessage((eachPrefix) => `${eachPrefix}All $property's elements must be unique`, options);
  return ValidateBy({ name: 'arrayUnique', validator: { validate, defaultMessage } }, options);
}
