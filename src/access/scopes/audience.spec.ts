import { expect, test } from 'vitest';
import { admits, AUDIENCES, type Audience, type PrincipalAudience } from './audience.js';

/** Whose credentials each route takes: written out, so that a change of the rule has to be made here too. */
const TAKEN: Readonly<Record<Audience, readonly (PrincipalAudience | 'public')[]>> = {
  operator: ['operator'],
  partner: ['partner'],
  org: ['org'],
  agent: ['agent'],
  event: ['event'],
  user: ['user'],
  'any-key': ['org', 'agent', 'event'],
  service: ['service'],
  'scoped-key': ['org', 'agent'],
  'public-or-org': ['org'],
  public: ['public'],
};

test.each(AUDIENCES)('a route for "%s" takes the credentials that are listed for it, and no others', (wanted) => {
  const held = ['operator', 'service', 'partner', 'org', 'agent', 'event', 'user', 'public'] as const;
  expect(held.filter((each) => admits(wanted, each))).toEqual(TAKEN[wanted]);
});
