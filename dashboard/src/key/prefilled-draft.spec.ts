import { expect, it } from 'vitest';
import { draftOf } from '../key-form/key-draft';
import { EXAMPLE_KEY } from '../keys/example-key';
import { prefilledDraft } from './prefilled-draft';

const DRAFT = draftOf(EXAMPLE_KEY);

it('a granted scope and an allowed address are added to those that the key has', () => {
  const key = draftOf({ ...EXAMPLE_KEY, allowed_ips: ['10.0.0.0/8'] });
  expect(prefilledDraft(key, { grant: 'tags:write', allow: '203.0.113.7' })).toEqual({
    ...key,
    scopes: ['contacts:read', 'tags:write'],
    allowed_ips: ['10.0.0.0/8', '203.0.113.7'],
  });
});

it('a scope is granted to a key with a secret among the scopes of its agent', () => {
  const pair = draftOf({ ...EXAMPLE_KEY, kind: 'key_secret', scopes: ['contacts:read'] });
  expect(prefilledDraft(pair, { grant: 'contacts:create' })?.agent_scopes).toEqual([
    'contacts:read',
    'contacts:create',
  ]);
});

it('a key with full access is limited to the scopes', () => {
  const full = draftOf({ ...EXAMPLE_KEY, access: 'full', scopes: [] });
  expect(prefilledDraft(full, { scopes: 'tags:read,contacts:read' })).toEqual({
    ...full,
    access: 'scoped',
    scopes: ['tags:read', 'contacts:read'],
  });
});

it('there is nothing to save if the key has it all', () => {
  expect(prefilledDraft(DRAFT, {})).toBeUndefined();
  expect(prefilledDraft(DRAFT, { grant: 'contacts:read' })).toBeUndefined();
});
