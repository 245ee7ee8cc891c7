import { defineExamples, type ExampleFields } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

const RESOURCE = {
  name: 'bookings',
  label: 'Bookings',
  description: 'Departures and their bookings.',
  actions: ['read', 'write'],
};
const ROUTES: readonly ExampleFields[] = [
  { methods: ['GET'], path: '/bookings/{id}', needs: 'bookings:read' },
  { methods: ['POST'], path: '/bookings', needs: 'bookings:write' },
  { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
];
const SERVICE = {
  service: 'bookings',
  label: 'Bookings',
  description: 'The booking system.',
  url: 'https://bookings.harbourtours.example/',
  full_access: 'existing',
};
const YAML = `service: bookings
label: Bookings
description: The booking system.
url: https://bookings.harbourtours.example/

resources:
  bookings:
    label: Bookings
    description: Departures and their bookings.
    actions: [read, write]

routes:
  - GET   /bookings/{id}  bookings:read
  - POST  /bookings       bookings:write
  - GET   /status         public (health page)
`;
const JSON_TEXT = JSON.stringify({
  service: 'bookings',
  label: 'Bookings',
  description: 'The booking system.',
  url: SERVICE.url,
  resources: { bookings: { label: 'Bookings', description: RESOURCE.description, actions: RESOURCE.actions } },
  routes: ['GET /bookings/{id} bookings:read', 'POST /bookings bookings:write', 'GET /status public (health page)'],
});
const NOTHING = { added: [], changed: [], removed: [] };
const SERVICE_KEY = { id: IDS.serviceKey, name: 'Reverse proxy', masked_key: 'ocx_live_…q2Lm', revoked_at: null };

export const serviceExamples = defineExamples({
  schemas: {
    DeclaredService: { ...SERVICE, resources: [RESOURCE], routes: ROUTES, revision: 1, suspended_at: null },
    AppliedServiceView: { applied: true },
    ServiceChanges: {
      is_new: true,
      fields: [],
      resources: { ...NOTHING, added: [RESOURCE] },
      scopes: { added: ['bookings:read', 'bookings:write'], removed: [] },
      routes: { ...NOTHING, added: ROUTES },
      full_access: { gain: 0, lose: 0 },
    },
    ServiceView: { ...SERVICE, resources: [RESOURCE], routes: ROUTES, suspended_at: null, key_count: 1 },
    ReachingKey: { id: IDS.apiKey, name: 'Booking website', access: 'scoped', scopes: ['bookings:read'] },
    CreateServiceKeyDto: { name: 'Reverse proxy' },
    ServiceKey: SERVICE_KEY,
    NewServiceKey: { ...SERVICE_KEY, api_key: 'ocx_live_9TgB5yHn7UjM1iK3oL6pQ8wE2rT4zX0cVbAsDfGhJkLmq2Lm' },
  },
  paths: {
    '/operator/v1/services/{service}': 'bookings',
    '/operator/v1/services/{service}/keys/{key_id}': IDS.serviceKey,
  },
  operations: {
    'operatorServices.apply': { body: YAML, bodyOf: { 'application/json': JSON_TEXT } },
    'operatorServices.suspend': { response: { suspended_at: '2026-03-09T14:05:00.000Z' } },
    'operatorServiceKeys.revoke': { response: { revoked_at: '2026-03-09T14:05:00.000Z' } },
  },
});
