import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

const CSV = `created_at,action,actor_type,actor,target_type,target,changes,ip,request_id
2026-03-09T14:05:00.000Z,api_key.updated,user,Maya Okafor,api_key,Booking website,"{""name"":{}}",203.0.113.7,req-48213
`;

export const auditExamples = defineExamples({
  schemas: {
    AuditEntryView: {
      id: IDS.auditEntry,
      action: 'api_key.updated',
      target: { id: IDS.apiKey, type: 'api_key', name: 'Booking website' },
      changes: { name: { before: 'Website', after: 'Booking website' } },
      ip: '203.0.113.7',
      request_id: 'req-48213',
    },
    AuditParty: { id: IDS.user, type: 'user', name: 'Maya Okafor' },
  },
  operations: {
    'manageAudit.list': { query: { action: 'api_key.updated', from: '2026-03-01' } },
    'manageAudit.csv': { query: { from: '2026-03-01' }, response: CSV },
  },
});
