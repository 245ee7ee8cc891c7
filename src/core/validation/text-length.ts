import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * At most that many characters, counted as JSON Schema does: by code points. class-validator's own rule leaves
 * variation selectors out of the count, so that a text of a megabyte passes, and counts all of a text however long.
 */
export function MaxLength(max: number, options?: ValidationOptions): PropertyDecorator {
  const sentence = `$property must be shorter than or equal to ${max} characters`;
  return rule('maxLength', max, (text) => isAtMost(text, max), sentence, options);
}

/** At least that many characters, counted as `MaxLength` does. */
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

function isAtMost(text: string, max: number): boolean {
  if (text.length <= max) return true;
  // A character takes two units at most.
  if (text.length > 2 * max) return false;
  let count = 0;
  for (const _ of text) count++;
  return count <= max;
}
