import { endSql, startSql } from '../../../kit/lists/date-range.js';
import type { Condition, SequenceFilter } from './sequence-filter.js';

/**
 * SQL condition on a row of `contacts`. The statement's `$1` is the org.
 * @param values of the statement; those of the filter are appended
 */
export function filterSql(filter: SequenceFilter | null, values: unknown[]): string {
  if (filter === null) return 'true';
  const next = (value: unknown) => `$${values.push(value)}`;
  const groups = filter.or.map(({ and }) => and.map((condition) => conditionSql(condition, next)).join(' AND '));
  return `(${groups.map((group) => `(${group})`).join(' OR ')})`;
}

function conditionSql(condition: Condition, next: (value: unknown) => string): string {
  switch (condition.type) {
    case 'all_contacts':
      return 'true';
    case 'contact_id_in':
      return `contacts.id = ANY (${next(condition.contact_ids)}::uuid[])`;
    case 'contacts_created_at_between': {
      const { after = null, before = null } = condition;
      return `contacts.created_at BETWEEN coalesce(${startSql(next(after))}, '-infinity')
        AND coalesce(${endSql(next(before))}, 'infinity')`;
    }
    case 'contacts_email_domain_name_in':
      return `coalesce(split_part(contacts.email, '@', -1) = ANY (${next(condition.domain_name_in)}::text[]), false)`;
    case 'contacts_affected_by_sequence':
      return `EXISTS (SELECT FROM sequence_contact_steps steps WHERE steps.org_id = $1
        AND steps.contact_id = contacts.id AND steps.sequence_id = ${next(condition.sequence_id)}::uuid
        AND steps.state NOT IN ('waiting', 'skipped', 'canceled'))`;
  }
}
