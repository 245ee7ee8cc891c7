import { expect, it } from 'vitest';
import { nounOf } from './noun.js';

it.each([
  ['Contact', 'a contact', 'contacts'],
  ['Integration', 'an integration', 'integrations'],
  ['Knowledge base', 'a knowledge base', 'knowledge bases'],
  ['Canned reply', 'a canned reply', 'canned replies'],
  ['SLA policy', 'an SLA policy', 'SLA policies'],
  ['API key', 'an API key', 'API keys'],
  ['CSAT score', 'a CSAT score', 'CSAT scores'],
  ['Inbox', 'an inbox', 'inboxes'],
])('%s: %s, %s', (label, one, many) => {
  expect(nounOf(label)).toEqual({ one, many });
});
