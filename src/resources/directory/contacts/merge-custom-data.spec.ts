import { describe, expect, it } from 'vitest';
import { mergeCustomData } from './merge-custom-data.js';

const FIFTY = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, 'x']));

describe('mergeCustomData', () => {
  it.each([
    ['sets a key', { a: '1' }, { b: '2' }, { a: '1', b: '2' }],
    ['replaces a value', { a: '1', b: '2' }, { a: '3' }, { a: '3', b: '2' }],
    ['deletes a key by null', { a: '1', b: '2' }, { a: null }, { b: '2' }],
    ['deletes a key that is not there', { a: '1' }, { b: null }, { a: '1' }],
    ['changes nothing for nothing', { a: '1' }, {}, { a: '1' }],
    ['keeps the empty text', {}, { a: '' }, { a: '' }],
  ])('%s', (_name, present, change, expected) => {
    expect(mergeCustomData(present, change)).toEqual(expected);
  });

  it('does not modify its arguments', () => {
    const present = { a: '1' };
    mergeCustomData(present, { a: null, b: '2' });
    expect(present).toEqual({ a: '1' });
  });

  it('refuses the 51st key unless another is deleted', () => {
    expect(() => mergeCustomData(FIFTY, { extra: 'x' })).toThrow('contact.custom_data must be an object of at most 50');
    expect(Object.keys(mergeCustomData(FIFTY, { extra: 'x', key0: null }))).toHaveLength(50);
  });
});
