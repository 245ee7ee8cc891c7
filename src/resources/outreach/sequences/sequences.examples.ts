import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const FILTER = { or: [{ and: [{ type: 'contacts_email_domain_name_in', domain_name_in: ['example.com'] }] }] };
const ACTION = {
  type: 'send_emails',
  data: {
    from_email: 'bookings@harbourtours.example',
    email_subject: 'See the harbour at night',
    email_body: '<p>Hello! Our evening cruises start in April.</p>',
    email_sender_name: 'Harbour Tours',
    email_is_transactional: false,
  },
};
const SEQUENCE = { name: 'Evening cruises', custom_id: 'spring-2026', is_continuous: false };

export const sequenceExamples = defineExamples({
  schemas: {
    CreateSequenceDto: { ...SEQUENCE, filter: FILTER, steps: [{ action: ACTION, delay_in_minutes: 0 }] },
    CreatedSequence: { id: IDS.sequence },
    UpdateSequenceDto: { name: 'Evening cruises in April' },
    Sequence: {
      id: IDS.sequence,
      org_id: IDS.org,
      ...SEQUENCE,
      filter: FILTER,
      steps: [{ action: ACTION, delay_in_minutes: 0, started_at: null, ended_at: null }],
      status: 'pending',
      started_at: null,
      canceled_at: null,
      ended_at: null,
      started_by: null,
    },
    OutcomeCounts: {
      waiting: 0,
      queued: 12,
      sent: 240,
      bounced: 2,
      rejected: 0,
      failed: 0,
      skipped: 6,
      skipped_because: { unsubscribed: 6 },
      outbox: 0,
      canceled: 0,
    },
    AddContactsDto: { contacts: [{ email: 'lena.fischer@example.com' }, { phone_number: '+31201234567' }] },
    StartedSequenceRun: { run_id: IDS.sequenceRun },
    SequenceOutcome: {
      id: IDS.sequenceOutcome,
      run_id: IDS.sequenceRun,
      contact_id: IDS.contact,
      position: 0,
      status: 'sent',
      reason: null,
      ended_at: '2026-03-02T09:31:10.007Z',
    },
  },
  paths: { '/sequences/{sequence_id}': IDS.sequence },
  operations: {
    'sequences.list': { query: { status: 'pending' } },
    'sequences.start': { response: { status: 'active', started_at: '2026-03-09T14:05:00.000Z' } },
    'sequences.cancel': { response: { status: 'canceled', canceled_at: '2026-03-09T14:05:00.000Z' } },
    'sequences.addContacts': { path: { sequence_id: IDS.continuousSequence } },
    'sequences.listOutcomes': { query: { status: 'sent' } },
  },
});
