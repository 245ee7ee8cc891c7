import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

export const operatorApiExamples = defineExamples({
  schemas: {
    OperatorOrg: {
      id: IDS.org,
      name: 'Harbour Tours',
      partner_id: IDS.partner,
      external_id: 'customer-4711',
      suspended_at: null,
      suspended_by: null,
    },
  },
  paths: { '/operator/v1/orgs/{org_id}': IDS.org },
  operations: {
    'operatorOrgs.suspend': { response: { suspended_at: '2026-03-09T14:05:00.000Z', suspended_by: 'operator' } },
  },
});
