import { expect, it } from 'vitest';
import { unknownIntegrations } from './unknown-integrations.js';

it('a base URL for what is no connector is found out', () => {
  const integrationBaseUrls = { zendesk: 'https://a.example', zendeks: 'https://b.example' };
  expect(unknownIntegrations({ integrationBaseUrls })).toEqual(['zendeks']);
});
