import { check } from '../../../core/validation/decorators.js';
import { isCustomData } from '../../../core/validation/field-types.js';
import { mapOf } from '../../../core/wire/schema.js';

export type SessionData = Record<string, string | number | boolean>;

const VALUE_CHARACTERS_MAX = 5_000;
const VALUE_TYPES = ['string', 'number', 'boolean'];
export const SESSION_DATA = mapOf({ type: VALUE_TYPES });
export const SESSION_DATA_SENTENCE =
  `must be an object of at most 50 texts of at most ${VALUE_CHARACTERS_MAX} characters, numbers and booleans, its keys ` +
  'of 1 to 64 letters, digits, dots, dashes and underscores';

/** Up to 50 values by name. */
export function isSessionData(value: unknown): boolean {
  return isCustomData(
    value,
    (entry) =>
      VALUE_TYPES.includes(typeof entry) && (typeof entry !== 'string' || entry.length <= VALUE_CHARACTERS_MAX),
  );
}

export function IsSessionData(): PropertyDecorator {
  return check('sessionData', isSessionData, SESSION_DATA_SENTENCE, { schema: SESSION_DATA });
}
