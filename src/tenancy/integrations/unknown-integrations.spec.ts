import { expect, it } from 'vitest';
import { unknownIntegrations } from './unknown-integrations.js';

it('a base URL of an unknown connector is reported', () => {
  const integrationBaseUrls = { zendesk: 'https://a.example', zendeks: 'https://b.example' };
  expect(unknownIntegrations({ integrationBaseUrls })).toEqual(['zendeks']);
});
