import { describe, expect, it } from 'vitest';
import { metadataChange, metadataOf, pairsOf, validatePairs, validateTags } from './label-rules';

const pair = (name: string, value = 'x') => ({ name, value });

describe('pairs of metadata', () => {
  it('keep their order, without the empty rows', () => {
    expect(metadataOf([pair(' owner ', 'web'), pair('', ''), pair('plan', '')])).toEqual({ owner: 'web', plan: '' });
    expect(pairsOf({ owner: 'web' })).toEqual([{ name: 'owner', value: 'web' }]);
  });

  it.each([
    [[pair('owner'), pair('', '')], undefined],
    [[pair('')], 'Each value needs a key.'],
    [[pair('a b')], expect.stringContaining("“a b” can't be a key")],
    [[pair('x'.repeat(41))], expect.stringContaining("can't be a key")],
    [[pair('owner'), pair('owner ')], '“owner” is there twice.'],
  ])('%j are judged as the server does', (pairs, problem) => {
    expect(validatePairs(pairs)).toEqual(problem);
  });
});

it('a change of metadata has only what differs, and null for what was removed', () => {
  expect(metadataChange({ a: '1', b: '2', c: '3' }, { a: '1', b: '4', d: '5' })).toEqual({ c: null, b: '4', d: '5' });
  expect(metadataChange({ a: '1' }, { a: '1' })).toEqual({});
});

it('a pair named like a method of objects is a pair like any other', () => {
  expect(metadataChange({}, { constructor: 'x' })).toEqual({ constructor: 'x' });
  expect(metadataChange({ constructor: 'x' }, {})).toEqual({ constructor: null });
});

it('long and many tags are refused', () => {
  expect(validateTags(['a', '😀'.repeat(50)])).toBeUndefined();
  expect(validateTags(['x'.repeat(51)])).toBe('A tag has at most 50 characters.');
  expect(validateTags(Array.from({ length: 21 }, (_, index) => `tag ${index}`))).toBe('A key has at most 20 tags.');
});
