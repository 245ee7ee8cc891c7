import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * Requires that the entries of a list differ. class-validator's own rule takes quadratic time.
 * @param keyOf the value to compare; default: the entry itself
 */
export function ArrayUnique<T>(keyOf: (entry: T) => unknown = (entry) => entry, options?: ValidationOptions) {
  // Other rules check the entries themselves.
  const key = (entry: T | null | undefined) => (entry === null || entry === undefined ? entry : keyOf(entry));
  const validate = (value: unknown) => Array.isArray(value) && new Set(value.map(key)).size === value.length;
  const defaultMessage = buildMessage((eachPrefix) => `${eachPrefix}All $property's elements must be unique`, options);
  return ValidateBy({ name: 'arrayUnique', validator: { validate, defaultMessage } }, options);
}
