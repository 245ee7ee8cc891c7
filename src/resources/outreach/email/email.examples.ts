import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const SENDER = { from_email: 'bookings@harbourtours.example' };

export const emailExamples = defineExamples({
  schemas: {
    SendEmailDto: {
      ...SENDER,
      recipients: [
        { to_email: 'lena.fischer@example.com', email_subject: 'Your cruise on Sunday', email_is_transactional: true },
      ],
      fallback_email_subject: 'Your cruise',
      fallback_email_sender_name: 'Harbour Tours',
      fallback_email_body: '<p>We leave at 18:30 from pier 3.</p>',
    },
    QueuedEmails: { batch_id: IDS.mailBatch, queued: 1, skipped_unsubscribed: 0 },
    ReportBounceDto: {
      message_id: `<${IDS.mail}@harbourtours.example>`,
      reason: '550 5.1.1 The mailbox does not exist.',
    },
    MailMessage: {
      id: IDS.mail,
      batch_id: IDS.mailBatch,
      message_id: `<${IDS.mail}@harbourtours.example>`,
      ...SENDER,
      sender_name: 'Harbour Tours',
      to_email: 'lena.fischer@example.com',
      subject: 'Your cruise on Sunday',
      is_transactional: true,
      status: 'sent',
      reason: null,
      ended_at: '2026-03-02T09:30:04.120Z',
    },
    PutDomainDto: { domain_name: 'harbourtours.example' },
    MailDomain: {
      domain_name: 'harbourtours.example',
      domain_status: 'verified',
      domain_records: [
        {
          type: 'TXT',
          name: '_gatehouse.harbourtours.example',
          value: 'gatehouse-verification=6f1d0c2b8a947e35',
          ttl: 3600,
          status: 'verified',
        },
      ],
    },
  },
  paths: { '/email/messages/{id}': IDS.mail, '/email/domains/{domain_name}': 'harbourtours.example' },
  operations: {
    'email.reportBounce': { response: { status: 'bounced', reason: '550 5.1.1 The mailbox does not exist.' } },
    'emailMessages.list': { query: { to_email: 'lena.fischer@example.com', created_after: '2026-03-01' } },
  },
});
