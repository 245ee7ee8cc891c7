import { equalsId, isAnyOf, type Filters } from '../../../kit/lists/filters.js';
import { About, Field, partOf } from '../../../core/wire/field.js';
import { INTEGER, mapOf, oneOf } from '../../../core/wire/schema.js';
import { CONTACT_STEP_STATES, type ContactStepState, SequenceContactStep } from './sequence-contact-step.entity.js';

/** What a step came to for one contact. */
export class SequenceOutcome extends partOf(
  SequenceContactStep,
  'id',
  'run_id',
  'contact_id',
  'position',
  'reason',
  'ended_at',
  'created_at',
) {
  @About('`waiting`: the step is not due yet. `canceled`: it was canceled before. All others are those of its mail.')
  @Field(oneOf(CONTACT_STEP_STATES))
  status: ContactStepState;
}

export const OUTCOME_FILTERS: Filters = {
  status: isAnyOf('state', CONTACT_STEP_STATES),
  contact_id: equalsId('contact_id'),
  run_id: equalsId('run_id'),
};

type Counts = { readonly [State in ContactStepState]: number };

/** Steps of contacts, counted by their status. */
export class OutcomeCounts implements Counts {
  @Field(INTEGER)
  waiting: number;

  @Field(INTEGER)
  queued: number;

  @Field(INTEGER)
  sent: number;

  @Field(INTEGER)
  bounced: number;

  @Field(INTEGER)
  rejected: number;

  @Field(INTEGER)
  failed: number;

  @Field(INTEGER)
  skipped: number;

  @About('Skipped steps by their reason.')
  @Field(mapOf(INTEGER))
  skipped_because: Readonly<Record<string, number>>;

  @Field(INTEGER)
  outbox: number;

  @Field(INTEGER)
  canceled: number;
}

const OF_SEQUENCE = `FROM sequence_contact_steps steps
  WHERE steps.org_id = sequences.org_id AND steps.sequence_id = sequences.id`;
const COUNTS = CONTACT_STEP_STATES.map((state) => `'${state}', count(*) FILTER (WHERE state = '${state}')`).join();
const REASONS = `SELECT coalesce(json_object_agg(reason, total), '{}') FROM
  (SELECT reason, count(*) AS total ${OF_SEQUENCE} AND state = 'skipped' GROUP BY reason) skipped`;

/** SQL for the counts of a row of `sequences`. */
export const COUNTS_SQL = `SELECT json_build_object(${COUNTS}, 'skipped_because', (${REASONS})) ${OF_SEQUENCE}`;
