import { check } from '../../../core/validation/decorators.js';
import { findMergeProblem, type MergeValues } from '../../../kit/merge-fields/merge-text.js';
import type { Contact } from './contact.entity.js';

export type MergedContact = Pick<Contact, 'name' | 'email' | 'phone_number' | 'custom_data'>;

const COLUMNS = ['name', 'email', 'phone_number'] as const;
const CUSTOM = /^contact\.custom_data\.([A-Za-z0-9_.-]{1,64})$/;
const KNOWN = `${COLUMNS.map((column) => `contact.${column}`).join(', ')} and contact.custom_data.KEY`;

/** For descriptions of routes. */
export const MERGE_FIELDS = `Merge fields, such as {{contact.name | default: "there"}}, are ${KNOWN}.`;

/** The merge fields of a contact. @example valuesOf(contact)('contact.name') */
export function valuesOf(contact: Partial<MergedContact>): MergeValues {
  return (field) => {
    const column = COLUMNS.find((name) => field === `contact.${name}`);
    if (column !== undefined) return contact[column] ?? '';
    const key = CUSTOM.exec(field)?.[1];
    return key === undefined ? undefined : (ownValue(contact.custom_data, key) ?? '');
  };
}

/**
 * A text with merge fields such as `{{contact.name | default: "there"}}`, or a list of such texts.
 * @param others fields of what the text is for
 */
export function MayMerge(...others: string[]): PropertyDecorator {
  const problemOf = (value: unknown) => problemIn(value, others);
  return check(
    'mayMerge',
    (value) => problemOf(value) === undefined,
    (value) => problemOf(value)!,
    { schema: {} },
  );
}

function problemIn(value: unknown, others: readonly string[]): string | undefined {
  if (typeof value === 'string') {
    const isKnown = (field: string) => others.includes(field) || valuesOf({})(field) !== undefined;
    return findMergeProblem(value, isKnown, [...others, KNOWN].join(', '));
  }
  if (!Array.isArray(value)) return undefined;
  const problems = value.map((entry) => problemIn(entry, others));
  const index = problems.findIndex((problem) => problem !== undefined);
  return index < 0 ? undefined : `at index ${index} ${problems[index]}`;
}

function ownValue(data: Readonly<Record<string, string>> = {}, key: string): string | undefined {
  return Object.hasOwn(data, key) ? data[key] : undefined;
}
