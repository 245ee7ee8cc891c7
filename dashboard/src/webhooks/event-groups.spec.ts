import { describe, expect, it } from 'vitest';
import { eventWords, groupsOf, toggledEvent, toggledGroup } from './event-groups';

const TYPES = ['api_key.created', 'api_key.revoked', 'member.created', 'parcel.sent', 'webhook.test'].map((type) => ({
  type,
  description: '',
}));
const [KEYS, MEMBERS] = groupsOf(TYPES);

it('events are grouped by their kind, without the test event, which needs no subscription', () => {
  expect(groupsOf(TYPES).map(({ all, label, events }) => [all, label, events.length])).toEqual([
    ['api_key.*', 'API keys', 2],
    ['member.*', 'Members', 1],
    ['parcel.*', 'Parcel', 1],
  ]);
});

describe('a click', () => {
  it('on a group subscribes to its future events too, and another click to none', () => {
    const all = toggledGroup(['api_key.created', 'member.created'], KEYS!);
    expect(all).toEqual(['member.created', 'api_key.*']);
    expect(toggledGroup(all, KEYS!)).toEqual(['member.created']);
  });

  it('on an event of a whole group leaves its other events', () => {
    expect(toggledEvent(['api_key.*'], KEYS!, 'api_key.created')).toEqual(['api_key.revoked']);
    expect(toggledEvent([], MEMBERS!, 'member.created')).toEqual(['member.created']);
    expect(toggledEvent(['member.created'], MEMBERS!, 'member.created')).toEqual([]);
  });
});

it.each([
  [['*', 'api_key.*'], 'All events'],
  [['api_key.*', 'member.created'], 'API keys, member.created'],
  [['api_key.created', 'api_key.revoked'], '2 events'],
])('the subscriptions %j read %s', (chosen, words) => {
  expect(eventWords(chosen)).toBe(words);
});
