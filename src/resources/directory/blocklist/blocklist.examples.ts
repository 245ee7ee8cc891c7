import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

export const blocklistExamples = defineExamples({
  schemas: {
    BlockContactDto: { email: 'offers@cheap-followers.example', reason: 'Sends advertising to the booking address.' },
    BlockedContact: {
      id: IDS.blockedContact,
      email: 'offers@cheap-followers.example',
      reason: 'Sends advertising to the booking address.',
      contact_id: null,
      name: null,
      phone_number: null,
    },
    BlockDomainsDto: { domains: 'spam-travel.example, free-cruises.example', reason: 'Phishing' },
    BlockedDomain: { id: IDS.blockedDomain, domain: 'spam-travel.example', reason: 'Phishing' },
    BlockedDomainsReport: { skipped: ['free-cruises.example'] },
    BlockedDomainsSummary: { total: 2, blocked: 1, skipped: 1 },
  },
  paths: { '/blocklist/contacts/{id}': IDS.blockedContact, '/blocklist/domains/{id}': IDS.blockedDomain },
});
