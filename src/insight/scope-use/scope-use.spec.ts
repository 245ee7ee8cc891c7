import { describe, expect, it } from 'vitest';
import { removableScopes } from './scope-advice.js';
import { grantedBy, REMOVED, RESTORED, type ScopeChange, undoableOf } from './scope-changes.js';

const GRANTED = ['contacts:read', 'leads:read', 'tags:read'];
const OBSERVED = {
  granted: GRANTED,
  used: new Set(['tags:read']),
  observedDays: 30,
  recentlyGranted: new Set<string>(),
};

describe('the advice to remove a scope', () => {
  it('is given for scopes without a use in 30 days or more', () => {
    expect(removableScopes(OBSERVED)).toEqual(['contacts:read', 'leads:read']);
  });

  it('is not given before 30 days', () => {
    expect(removableScopes({ ...OBSERVED, observedDays: 29 })).toEqual([]);
  });

  it('is not given for a scope that was granted in the last 30 days', () => {
    expect(removableScopes({ ...OBSERVED, recentlyGranted: new Set(['leads:read']) })).toEqual(['contacts:read']);
  });

  it('is not given to a key without any use, which must keep a scope', () => {
    expect(removableScopes({ ...OBSERVED, used: new Set() })).toEqual([]);
    expect(removableScopes({ ...OBSERVED, used: new Set(['calls:read']) })).toEqual([]);
  });

  it('is not given with full access', () => {
    expect(removableScopes({ ...OBSERVED, granted: undefined })).toEqual([]);
  });
});

const BY = { type: 'user', id: '1', name: 'Maya' };
let minute = 0;
function change(action: string, before: string[] | null, after: string[] | null, can_be_undone = true): ScopeChange {
  const at = new Date(Date.UTC(2026, 2, 9, 14, minute++)).toISOString();
  return { action, at, can_be_undone, by: BY, before, after };
}

describe('what can be restored', () => {
  const isOffered = () => true;
  const first = change(REMOVED, ['a', 'b', 'c'], ['b', 'c']);
  const second = change(REMOVED, ['b', 'c'], ['c']);

  it('is what all removals of the last day took', () => {
    expect(undoableOf([first, second], ['c'], isOffered)).toEqual({ removed: ['a', 'b'], last: second });
    const earlier = { ...first, can_be_undone: false };
    expect(undoableOf([earlier, second], ['c'], isOffered)).toEqual({ removed: ['b'], last: second });
    expect(undoableOf([earlier], ['b', 'c'], isOffered)).toBe(undefined);
  });

  it('is nothing after a restoration, with full access, or if the key has the scopes again', () => {
    const restored = change(RESTORED, ['c'], ['a', 'b', 'c']);
    expect(undoableOf([first, second, restored], ['a', 'b', 'c'], isOffered)).toBe(undefined);
    expect(undoableOf([first], null, isOffered)).toBe(undefined);
    expect(undoableOf([first], ['a', 'b', 'c'], isOffered)).toBe(undefined);
    expect(undoableOf([], ['c'], isOffered)).toBe(undefined);
  });

  it('leaves out scopes that keys can no longer be granted', () => {
    expect(undoableOf([first, second], ['c'], (scope) => scope !== 'a')?.removed).toEqual(['b']);
  });
});

it('a change from full access grants nothing new', () => {
  const changes = [change('api_key.updated', null, ['a']), change('api_key.updated', ['a'], ['a', 'b'])];
  expect([...grantedBy(changes)]).toEqual(['b']);
});
