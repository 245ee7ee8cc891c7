import { describe, expect, it } from 'vitest';
import type { ApiKey } from '../api/wire';
import { EXAMPLE_KEY } from '../keys/example-key';
import { createBodyOf, draftOf, EMPTY_DRAFT, expiryOf, type KeyDraft, lacksScopes, updateBodyOf } from './key-draft';

const draft = (fields: Partial<KeyDraft>): KeyDraft => ({ ...EMPTY_DRAFT, name: 'Production', ...fields });
const PAIR: Partial<ApiKey> = { kind: 'key_secret', agent_id: 'agent-1', scopes: ['contacts:read'] };

describe('a draft of an existing key', () => {
  const draftWith = (key: Partial<ApiKey>) => draftOf({ ...EXAMPLE_KEY, ...key });

  it('keeps the scopes of an agent apart from those of the org', () => {
    expect(draftWith({})).toMatchObject({ kind: 'bearer', scopes: ['contacts:read'], agent_scopes: [] });
    expect(draftWith(PAIR)).toMatchObject({ kind: 'key_secret', scopes: [], agent_scopes: ['contacts:read'] });
  });

  it('is an event key if the key has a type', () => {
    expect(draftWith({ type: 'telephony' })).toMatchObject({ kind: 'event', type: 'telephony' });
    expect(draftWith({ type: 'standard' })).toMatchObject({ kind: 'bearer', type: 'client' });
  });

  it('has the day on which the key expires', () => {
    expect(draftWith({})).toMatchObject({ expiry: 'never', expiry_date: '' });
    const expires_at = new Date('2026-03-31T23:59:59').toISOString();
    expect(draftWith({ expires_at })).toMatchObject({ expiry: 'date', expiry_date: '2026-03-31' });
  });
});

describe('the expiry of a draft', () => {
  const now = Date.parse('2026-03-01T10:00:00.000Z');

  it.each<[Partial<KeyDraft>, string | null]>([
    [{ expiry: 'never', expiry_date: '2026-03-31' }, null],
    [{ expiry: '30' }, '2026-03-31T10:00:00.000Z'],
    [{ expiry: 'date', expiry_date: '2026-03-31' }, new Date('2026-03-31T23:59:59').toISOString()],
  ])('of %j is %s', (fields, end) => {
    expect(expiryOf(draft(fields), now)).toBe(end);
  });
});

describe('the request that creates a key', () => {
  it('has only the fields that a bearer key takes', () => {
    const fields = {
      name: ' Production ',
      scopes: ['tags:read'],
      agent_id: 'agent-1',
      agent_scopes: ['contacts:read'],
    };
    expect(createBodyOf(draft({ ...fields, expiry: 'never', allowed_origins: ['a.example'] }))).toEqual({
      name: 'Production',
      scopes: ['tags:read'],
      expires_at: null,
      allowed_ips: [],
      rate_limit: { per_minute: null, per_hour: null },
    });
  });

  it('expires after 90 days unless another expiry is chosen', () => {
    const { expires_at } = createBodyOf(draft({}));
    const days = (Date.parse(String(expires_at)) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(90);
  });

  it('names full access instead of scopes', () => {
    const body = createBodyOf(draft({ access: 'full', scopes: ['tags:read'] }));
    expect(body).toMatchObject({ access: 'full' });
    expect(body).not.toHaveProperty('scopes');
  });

  it('has the agent and the scopes of a key with a secret, which never has full access', () => {
    const fields: Partial<KeyDraft> = { kind: 'key_secret', agent_id: 'agent-1', agent_scopes: ['contacts:read'] };
    const body = createBodyOf(draft({ ...fields, access: 'full', scopes: ['tags:read'] }));
    expect(body).toMatchObject({ kind: 'key_secret', agent_id: 'agent-1', scopes: ['contacts:read'] });
    expect(body).not.toHaveProperty('access');
  });

  it('has the type and origins of an event key, without access or scopes', () => {
    const body = createBodyOf(
      draft({ kind: 'event', type: 'client', access: 'full', scopes: ['tags:read'], allowed_origins: ['a.example'] }),
    );
    expect(body).toMatchObject({ type: 'client', allowed_origins: ['a.example'] });
    for (const field of ['access', 'scopes', 'kind', 'agent_id']) expect(body).not.toHaveProperty(field);
  });

  it('has tags, the external id and metadata if they are given', () => {
    const fields = { tags: ['web'], external_id: ' site-1 ', metadata: [{ name: 'owner', value: 'web' }] };
    expect(createBodyOf(draft(fields))).toMatchObject({
      tags: ['web'],
      external_id: 'site-1',
      metadata: { owner: 'web' },
    });
  });

  it('has the rate limits and the description if they are given', () => {
    expect(createBodyOf(draft({ description: 'CRM', per_minute: 60 }))).toMatchObject({
      description: 'CRM',
      rate_limit: { per_minute: 60, per_hour: null },
    });
  });
});

describe('the request that changes a key', () => {
  const changes = (fields: Partial<KeyDraft>, key: Partial<ApiKey> = {}) => {
    const before = { ...EXAMPLE_KEY, ...key };
    return updateBodyOf({ ...draftOf(before), ...fields }, before);
  };

  it('is empty if nothing differs', () => {
    expect(changes({})).toEqual({});
  });

  it.each<[Partial<KeyDraft>, object]>([
    [{ name: ' Staging ' }, { name: 'Staging' }],
    [{ description: 'CRM' }, { description: 'CRM' }],
    [{ scopes: ['tags:read'] }, { scopes: ['tags:read'] }],
    [{ access: 'full' }, { access: 'full' }],
    [{ allowed_ips: ['192.0.2.1'] }, { allowed_ips: ['192.0.2.1'] }],
    [{ per_minute: '' }, { rate_limit: { per_minute: null, per_hour: 10_000 } }],
  ])('of %j has only that', (fields, body) => {
    expect(changes(fields)).toEqual(body);
  });

  it('merges metadata, and replaces tags and the external id', () => {
    const key = { tags: ['a', 'b'], external_id: 'x', metadata: { owner: 'web', plan: 'pro' } };
    const metadata = [{ name: 'owner', value: 'app' }];
    expect(changes({ tags: ['b', 'a'] }, key)).toEqual({});
    expect(changes({ tags: ['b'], external_id: ' ', metadata }, key)).toEqual({
      tags: ['b'],
      external_id: null,
      metadata: { plan: null, owner: 'app' },
    });
  });

  it('clears a description and an expiry with null', () => {
    const key = { description: 'CRM', expires_at: '2026-03-31T10:00:00.000Z' };
    expect(changes({ description: '', expiry: 'never', expiry_date: '' }, key)).toEqual({
      description: null,
      expires_at: null,
    });
  });

  it('changes only the name, the description and the labels of an event key', () => {
    const fields = { name: 'Web', allowed_ips: ['192.0.2.1'], per_minute: 1, scopes: ['tags:read'] };
    const labels = { tags: ['web'] };
    expect(changes({ ...fields, ...labels }, { type: 'client' })).toEqual({ name: 'Web', ...labels });
  });
});

it('only a scoped key without scopes lacks them', () => {
  expect(lacksScopes(draft({}))).toBe(true);
  expect(lacksScopes(draft({ access: 'full' }))).toBe(false);
  expect(lacksScopes(draft({ kind: 'event' }))).toBe(false);
  expect(lacksScopes(draft({ kind: 'key_secret', access: 'full', scopes: ['tags:read'] }))).toBe(true);
  expect(lacksScopes(draft({ kind: 'key_secret', agent_scopes: ['contacts:read'] }))).toBe(false);
});
