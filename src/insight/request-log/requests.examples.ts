import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';
import { defineExamples } from '../../core/wire/examples.js';

const MESSAGE = 'This API key does not have the required scope: "contacts:write".';
const REFUSAL = { guard: 'scope', reason: 'scope_missing', message: MESSAGE };
const KEY = { id: IDS.apiKey, name: 'Booking website', masked_key: 'ocx_live_…x7Qa', credential_id: IDS.credential };
const REQUEST = {
  id: IDS.request,
  at: '2026-03-09T14:05:00.000Z',
  request_id: 'req-48213',
  method: 'POST',
  route: '/contacts',
  service: null,
  status: 403,
  outcome: 'denied',
  code: 'scope_missing',
  org_id: IDS.org,
  client_address: '203.0.113.7',
  country: 'NL',
  user_agent: 'harbour-booking/2.4',
  duration_ms: 1.2,
  weight: 1,
};

const CSV = `"id","at","request_id","method","route","service","status","outcome","code","guard","reason","message","key_id","key_name","masked_key","credential_id","org_id","client_address","country","user_agent","duration_ms","weight"
"${IDS.request}","2026-03-09T14:05:00.000Z","req-48213","POST","/contacts","","403","denied","scope_missing","scope","scope_missing","${MESSAGE.replaceAll('"', '""')}","${IDS.apiKey}","Booking website","ocx_live_…x7Qa","${IDS.credential}","${IDS.org}","203.0.113.7","NL","harbour-booking/2.4","1.2","1"
`;
const EVENT = `retry: 2000

event: request
id: ${IDS.request}
data: ${JSON.stringify({ ...REQUEST, refusal: REFUSAL, key: KEY })}

`;

export const requestExamples = defineExamples({
  schemas: {
    RequestView: REQUEST,
    RequestRefusal: REFUSAL,
    RequestKey: KEY,
    RequestFacets: {
      routes: ['/contacts', '/contacts/{contact_id}'],
      reasons: ['rate_limited', 'scope_missing'],
      services: ['bookings'],
      methods: ['GET', 'POST'],
    },
    RequestSummary: { bucket_seconds: 3_600, allowed: 482, denied: 9 },
    RequestBucket: { start: '2026-03-09T14:00:00.000Z', allowed: 482, denied: { scope_missing: 9 } },
    DenialCount: { reason: 'scope_missing', requests: 9 },
  },
  paths: { '/manage/v1/requests/{id}': IDS.request },
  operations: {
    'manageRequests.list': { query: { outcome: 'denied', route: '/contacts', limit: 20 } },
    'manageRequests.ofKey': { query: { status: '4xx' } },
    'manageRequests.summary': { query: { from: '2026-03-09T14:00:00Z', to: '2026-03-09T14:59:59Z' } },
    'manageRequests.csv': { query: { from: '2026-03-01', outcome: 'denied' }, response: CSV },
    'manageRequests.live': { query: { outcome: 'denied' }, response: EVENT },
    'partnerRequests.list': { query: { org_id: IDS.org, reason: 'scope_missing' } },
    'partnerRequests.ofOrg': { query: { request_id: 'req-48213' } },
    'operatorRequests.list': { query: { client_address: '203.0.113.7', from: '2026-03-09' } },
  },
});
