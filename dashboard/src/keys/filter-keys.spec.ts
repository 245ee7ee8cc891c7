import { describe, expect, it } from 'vitest';
import type { KeySummary } from '../api/wire';
import { EXAMPLE_SUMMARY } from './example-summary';
import { filterKeys, withoutCredential } from './filter-keys';
import { toggled, validateKeysSearch } from './keys-search';

const key = (name: string, settings: Partial<KeySummary> = {}): KeySummary => ({
  ...EXAMPLE_SUMMARY,
  name,
  ...settings,
});
const KEYS = [
  key('Booking engine', { findings: ['expiring', 'never_expires'] }),
  key('Website chat', { kind: 'key_secret', findings: ['never_used'] }),
  key('Call center', { type: 'openconnect', findings: ['expiring'], tags: ['eu'], external_id: 'cc-7' }),
  key('Warehouse', { description: 'Nightly export of bookings', masked_key: 'ocx_live_…x7Qa', tags: ['data', 'eu'] }),
];
const namesOf = (search: object) => filterKeys(KEYS, search).keys.map(({ name }) => name);

describe('the list of keys', () => {
  it('has every key without filters', () => {
    expect(namesOf({})).toHaveLength(KEYS.length);
  });

  it.each([
    ['BOOKING', ['Booking engine', 'Warehouse']],
    ['x7qa', ['Warehouse']],
    ['cc-7', ['Call center']],
    ['dat', ['Warehouse']],
    ['nothing', []],
  ])('searched for %s finds names, descriptions, masked keys, external IDs and tags', (q, names) => {
    expect(namesOf({ q })).toEqual(names);
  });

  it('has the keys of any selected kind, and with any selected finding', () => {
    expect(namesOf({ kind: 'key_secret,event' })).toEqual(['Website chat', 'Call center']);
    expect(namesOf({ finding: 'never_used,expiring' })).toEqual(['Booking engine', 'Website chat', 'Call center']);
    expect(namesOf({ kind: 'bearer', finding: 'expiring' })).toEqual(['Booking engine']);
  });

  it('has the keys with any selected tag, and counts the tags', () => {
    expect(namesOf({ tag: ['data'] })).toEqual(['Warehouse']);
    expect(namesOf({ tag: ['data', 'eu'] })).toEqual(['Call center', 'Warehouse']);
    expect(filterKeys(KEYS, { kind: 'event', tag: ['data'] }).tags).toEqual([
      ['eu', 1],
      ['data', 0],
    ]);
  });

  it('counts each value under the filters of the other group', () => {
    const { kinds, findings } = filterKeys(KEYS, { kind: 'bearer', finding: 'expiring' });
    expect(kinds).toEqual({ bearer: 1, key_secret: 0, event: 1 });
    expect(findings).toMatchObject({ expiring: 1, never_used: 0, never_expires: 1 });
  });

  it('ignores a finding that this build does not know', () => {
    const unknown = [key('New', { findings: ['brand_new' as never] })];
    expect(filterKeys(unknown, {}).keys).toHaveLength(1);
  });
});

describe('the address of the list', () => {
  it('keeps known values only', () => {
    expect(
      validateKeysSearch({
        tab: 'active',
        kind: 'event,spaceship',
        finding: 'constructor,idle_30',
        sort: '-denied',
        q: '',
      }),
    ).toEqual({ kind: 'event', finding: 'idle_30', sort: '-denied' });
    expect(validateKeysSearch({ sort: 'masked_key', kind: 7, tag: 'eu' })).toEqual({});
    expect(validateKeysSearch({ tag: ['eu', 7] })).toEqual({ tag: ['eu'] });
  });

  it('gets a value on the first click, and loses it on the second', () => {
    expect(toggled(undefined, 'event')).toBe('event');
    expect(toggled('event', 'bearer')).toBe('event,bearer');
    expect(toggled('event,bearer', 'event')).toBe('bearer');
    expect(toggled('bearer', 'bearer')).toBeUndefined();
  });
});

it('a whole key in the search is masked before it reaches the address', () => {
  const random = 'aB3'.repeat(14);
  expect(withoutCredential(` ocx_live_${random} `)).toBe(`ocx_live_…${random.slice(-4)}`);
  expect(withoutCredential(`eyJhbGciOiJFZERTQSJ9.${random}.${random}`)).toBe(`eyJhbGci…${random.slice(-4)}`);
  expect(withoutCredential('Booking engine ')).toBe('Booking engine ');
  expect(withoutCredential('ocx_live_…x7Qa')).toBe('ocx_live_…x7Qa');
});
