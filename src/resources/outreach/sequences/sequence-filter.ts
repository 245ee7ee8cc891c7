import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn } from 'class-validator';
import type { FieldProblem } from '../../../core/errors/app-error.js';
import { invalidRequest } from '../../../core/errors/invalid-request.js';
import { Absentable, check, Id, NestedList } from '../../../core/validation/decorators.js';
import { IsDomainName } from '../../../core/validation/field-types.js';
import { IsDayOrInstant } from '../../../kit/lists/date-range.js';
import { validateDto } from '../../../core/validation/request.pipe.js';
import { HOSTNAME, listOf, nullable, oneOf, type Schema, TEXT, UUID } from '../../../core/wire/schema.js';

const GROUPS_MAX = 20;
const CONDITIONS_MAX = 20;
const IDS_MAX = 1_000;
const DOMAINS_MAX = 100;

class AllContacts {
  @IsIn(['all_contacts'])
  type: 'all_contacts';
}

class ContactIdIn {
  @IsIn(['contact_id_in'])
  type: 'contact_id_in';

  @Id({ each: true })
  @ArrayMaxSize(IDS_MAX)
  @ArrayMinSize(1)
  @IsArray()
  contact_ids: string[];
}

/** Both ends are inclusive. Null is unbounded. */
class ContactsCreatedAtBetween {
  @IsIn(['contacts_created_at_between'])
  type: 'contacts_created_at_between';

  @Absentable()
  @IsDayOrInstant('start')
  after?: string | null;

  @Absentable()
  @IsDayOrInstant('end')
  before?: string | null;
}

class ContactsEmailDomainNameIn {
  @IsIn(['contacts_email_domain_name_in'])
  type: 'contacts_email_domain_name_in';

  @IsDomainName({ each: true })
  @ArrayMaxSize(DOMAINS_MAX)
  @ArrayMinSize(1)
  @IsArray()
  domain_name_in: string[];
}

/** Contacts that the sequence has mailed. */
class ContactsAffectedBySequence {
  @IsIn(['contacts_affected_by_sequence'])
  type: 'contacts_affected_by_sequence';

  @Id()
  sequence_id: string;
}

export type Condition =
  AllContacts | ContactIdIn | ContactsCreatedAtBetween | ContactsEmailDomainNameIn | ContactsAffectedBySequence;

const CONDITIONS: Readonly<Record<Condition['type'], new () => Condition>> = {
  all_contacts: AllContacts,
  contact_id_in: ContactIdIn,
  contacts_created_at_between: ContactsCreatedAtBetween,
  contacts_email_domain_name_in: ContactsEmailDomainNameIn,
  contacts_affected_by_sequence: ContactsAffectedBySequence,
};

const CONDITION: Schema = {
  type: 'object',
  required: ['type'],
  properties: {
    type: oneOf(Object.keys(CONDITIONS)),
    contact_ids: { ...listOf(UUID), description: 'Of contact_id_in.' },
    after: {
      ...nullable(TEXT),
      description: 'Of contacts_created_at_between: a date or an ISO 8601 instant, included.',
    },
    before: {
      ...nullable(TEXT),
      description: 'Of contacts_created_at_between: a date, to its end, or an ISO 8601 instant, included.',
    },
    domain_name_in: { ...listOf(HOSTNAME), description: 'Of contacts_email_domain_name_in.' },
    sequence_id: { ...UUID, description: 'Of contacts_affected_by_sequence: those who were sent something by it.' },
  },
};

/** Selects contacts that meet all conditions of at least one group. */
export interface SequenceFilter {
  readonly or: readonly { readonly and: readonly Condition[] }[];
}

export const FILTER: Schema = {
  type: 'object',
  required: ['or'],
  properties: { or: listOf({ type: 'object', required: ['and'], properties: { and: listOf(CONDITION) } }) },
};

class SequenceFilterGroup {
  // `parseFilter` validates each condition by its type.
  @check('conditions', isFlatList, `must be a list of 1 to ${CONDITIONS_MAX} conditions`, {
    schema: { ...listOf(CONDITION), minItems: 1, maxItems: CONDITIONS_MAX },
  })
  and: unknown[];
}

export class SequenceFilterDto {
  @NestedList(() => SequenceFilterGroup)
  @ArrayMaxSize(GROUPS_MAX)
  @ArrayMinSize(1)
  @IsArray()
  or: SequenceFilterGroup[];
}

/**
 * Validates conditions by type.
 * @throws AppError invalid_request (400) naming the field, such as `filter.or.0.and.1.contact_ids`
 */
export function parseFilter({ or }: SequenceFilterDto): SequenceFilter {
  const problems: FieldProblem[] = [];
  const groups = or.map(({ and }, group) => ({
    and: and.flatMap((value, index) => {
      const field = `filter.or.${group}.and.${index}`;
      const type = String((value as { type?: unknown } | null)?.type);
      if (!Object.hasOwn(CONDITIONS, type)) {
        problems.push({
          field: `${field}.type`,
          message: `${field}.type must be one of: ${Object.keys(CONDITIONS).join(', ')}`,
        });
        return [];
      }
      const answer = validateDto(value, CONDITIONS[type as Condition['type']], field);
      if ('instance' in answer) return [answer.instance];
      problems.push(...answer.problems);
      return [];
    }),
  }));
  if (problems.length > 0) throw invalidRequest(problems);
  return { or: groups };
}

/** Lists the conditions of all groups. */
export function conditionsOf(filter: SequenceFilter | null): Condition[] {
  return filter === null ? [] : filter.or.flatMap(({ and }) => and);
}

function isFlatList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= CONDITIONS_MAX && !value.some(Array.isArray);
}
