import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const LENA = { email: 'lena.fischer@example.com', name: 'Lena Fischer', custom_data: { loyalty_tier: 'gold' } };

export const contactExamples = defineExamples({
  schemas: {
    Contact: {
      id: IDS.contact,
      ...LENA,
      phone_number: '+4940123456',
      unsubscribed_at: null,
      undeliverable_at: null,
      undeliverable_reason: null,
    },
    ContactInSession: {
      id: IDS.contact,
      ...LENA,
      phone_number: '+4940123456',
      unsubscribed_at: null,
      non_verified_name: null,
      non_verified_email: null,
      non_verified_custom_data: {},
    },
    CreateContactDto: { contact: { ...LENA, phone: '+4940123456' } },
    CreatedContact: { id: IDS.contact },
    UpdateContactDto: { contact: { name: 'Lena Fischer-Okafor', custom_data: { loyalty_tier: 'platinum' } } },
    UpsertContactsDto: {
      contacts: [
        { email: 'tom.berg@example.com', name: 'Tom Berg' },
        { phone: '+31201234567', name: 'Sanne de Vries' },
      ],
    },
    BulkResult: {
      results: [
        { id: IDS.contact, index: 0, status: 'updated', error: null },
        { id: IDS.otherContact, index: 1, status: 'created', error: null },
      ],
    },
    BulkSummary: { created: 1, updated: 1, unchanged: 0, failed: 0 },
    ContactReference: { email: 'lena.fischer@example.com' },
  },
  paths: { '/contacts/{id}': IDS.contact },
  operations: { 'contacts.list': { query: { email: 'lena.fischer@example.com', created_after: '2026-03-01' } } },
});
