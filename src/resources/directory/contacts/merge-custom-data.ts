import { invalidField } from '../../../core/errors/invalid-request.js';
import { CUSTOM_DATA_SENTENCE, isCustomData } from '../../../core/validation/field-types.js';

export type CustomData = Record<string, string>;

/**
 * Merges a change into custom data: a string sets its key, null deletes it.
 * @param field of the request, for the error
 * @throws AppError invalid_request (400) if the result has too many keys
 */
export function mergeCustomData(
  present: CustomData,
  change: Readonly<Record<string, string | null>>,
  field = 'contact.custom_data',
): CustomData {
  const merged = Object.fromEntries(
    Object.entries({ ...present, ...change }).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  if (!isCustomData(merged)) throw invalidField(field, `${field} ${CUSTOM_DATA_SENTENCE}`);
  return merged;
}
