import { expect, it } from 'vitest';
import { isLifecycleEvent, LIFECYCLE_EVENTS } from '../../src/kit/webhooks/lifecycle-events.js';
import { INTERNAL_ACTIONS, isInternal } from '../contract/support/internal-actions.js';
import { SOURCES } from './support/source-tree.js';

/** Where code names the action of a record. */
const PLACES = /\b(?:action: |recordKey\(\s*\w+,\s*|recordOrg\(\s*\w+,\s*)[^;]{0,120}/g;
const ACTION = /['`]([a-z_]+\.[a-z_]+)['`]/g;

function recordedActions(): string[] {
  const files = SOURCES.filter(({ path, text }) => /\brecord|append\(/.test(text) && !path.endsWith('.examples.ts'));
  const places = files.flatMap(({ text }) => text.match(PLACES) ?? []);
  return [...new Set(places.flatMap((place) => [...place.matchAll(ACTION)].map(([, action]) => action!)))];
}

it('every action that the audit records is a public event, or listed as internal', () => {
  const actions = recordedActions();
  expect(actions).toContain('api_key.revoked');
  expect(actions).toContain('org.created');
  expect(actions.filter((action) => !isLifecycleEvent(action) && !isInternal(action))).toEqual([]);
});

it('no public event is also internal', () => {
  expect(Object.keys(LIFECYCLE_EVENTS).filter(isInternal)).toEqual([]);
  expect([...INTERNAL_ACTIONS].filter((action) => action in LIFECYCLE_EVENTS)).toEqual([]);
});
