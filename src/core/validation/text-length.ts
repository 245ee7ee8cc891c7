import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * At most `max` characters, counted as in JSON Schema: by code points. class-validator's own rule doesn't count variation
 * selectors, so a text of 1 MiB can pass, and it always counts the whole text.
 */
export function MaxLength(max: number, options?: ValidationOptions): PropertyDecorator {
  const sentence = `$property must be shorter than or equal to ${max} characters`;
  return rule('maxLength', max, (text) => isAtMost(text, max), sentence, options);
}

/** At least `min` characters, counted as in `MaxLength`. */
export function MinLength(min: number, options?: ValidationOptions): PropertyDecorator {
  const sentence = `$property must be longer than or equal to ${min} characters`;
  return rule('minLength', min, (text) => min === 0 || !isAtMost(text, min - 1), sentence, options);
}

function rule(
  name: string,
  bound: number,
  matches: (text: string) => boolean,
  sentence: string,
  options?: ValidationOptions,
): PropertyDecorator {
  const validate = (value: unknown) => typeof value === 'string' && matches(value);
  const defaultMessage = buildMessage((eachPrefix) => eachPrefix + sentence, options);
  return ValidateBy({ name, constraints: [bound], validator: { validate, defaultMessage } }, options);
}

/** Whether a text has at most `max` code points. Reads no more of it than needed. */
export function isAtMost(text: string, max: number): boolean {
  if (text.length <= max) return true;
  // A code point takes at most two UTF-16 units.
  if (text.length > 2 * max) return false;
  let count = 0;
  for (const _ of text) count++;
  return count <= max;
}
