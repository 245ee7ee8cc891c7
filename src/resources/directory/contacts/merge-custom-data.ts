import { invalidField } from '../../../core/errors/invalid-request.js';
import { CUSTOM_DATA_SENTENCE, isCustomData } from '../../../core/validation/field-types.js';

export type CustomData = Record<string, string>;

/**
 * Merges a change into custom data: a string sets its key, null deletes it.
 * @throws AppError invalid_request (400) if the result has too many keys
 */
export function mergeCustomData(present: CustomData, change: Readonly<Record<string, string | null>>): CustomData {
  const merged = Object.fromEntries(
    Object.entries({ ...present, ...change }).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  if (!isCustomData(merged)) throw invalidField('contact.custom_data', `contact.custom_data ${CUSTOM_DATA_SENTENCE}`);
  return merged;
}
