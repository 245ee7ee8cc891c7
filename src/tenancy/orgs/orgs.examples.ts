import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

/** Stands for the secret of a page with the widget. */
const WIDGET_TOKEN = '5d0e8b7c2f4a91365d0e8b7c2f4a91365d0e8b7c2f4a91365d0e8b7c2f4a9136';
const ORG = {
  name: 'Harbour Tours',
  external_id: 'customer-4711',
  website: 'https://www.harbourtours.example/',
  language: 'en',
  ai_instructions: 'Be brief. Guests are often on their way to the pier.',
};

const KEY_RESPONSES = { expiry_notices: true, idle_notices: false, on_exposed: 'suspend' };

export const orgExamples = defineExamples({
  schemas: {
    CreateOrgDto: ORG,
    CreatedOrg: { id: IDS.org, name: ORG.name, external_id: ORG.external_id, widget_token: WIDGET_TOKEN },
    ListedOrg: { id: IDS.org, name: ORG.name, external_id: ORG.external_id, widget_token: WIDGET_TOKEN },
    ListedOrgs: { total: 1 },
    WholeOrg: {
      id: IDS.org,
      ...ORG,
      widget_token: WIDGET_TOKEN,
      ...KEY_RESPONSES,
      suspended_at: null,
      suspended_by: null,
    },
    OwnOrg: { id: IDS.org, ...ORG },
    ManagedOrg: { id: IDS.org, ...ORG, weekly_key_report: true, ...KEY_RESPONSES },
    UpdateOrgDto: { idle_notices: false, on_exposed: 'suspend' },
    UpdateManagedOrgDto: { weekly_key_report: true, expiry_notices: true, on_exposed: 'suspend' },
    UpdateOwnOrgDto: { ai_instructions: 'Be brief and friendly. Guests are often on their way to the pier.' },
  },
  operations: {
    'partnerOrgs.create': { response: { id: IDS.newOrg } },
    'partnerOrgs.byExternalId': { response: { id: IDS.newOrg } },
    'partnerOrgs.suspend': { response: { suspended_at: '2026-03-09T14:05:00.000Z', suspended_by: 'partner' } },
    'partnerOrgs.archive': { path: { orgId: IDS.newOrg } },
  },
  paths: { '/partner/v1/orgs/{orgId}': IDS.org, '/partner/v1/orgs/by-external-id/{externalId}': ORG.external_id },
});
