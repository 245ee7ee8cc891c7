import { describe, expect, it } from 'vitest';
import { typedValue } from './typed-value.js';

describe('numbers', () => {
  it.each([
    ['42', 42],
    ['-7', -7],
    ['1,234.50', 1234.5],
    ['1.234,50', 1234.5],
    ["1'234.50", 1234.5],
    ['1 234,50', 1234.5],
    ['1,234', 1234],
    ['1.234.567', 1234567],
    ['0,125', 0.125],
    ['12.5', 12.5],
    ['$1,234.50', 1234.5],
    ['€ 1.450,00', 1450],
    ['CHF 1,334.49', 1334.49],
    ['99 USD', 99],
    ['(12.00)', -12],
    ['8.1%', 8.1],
  ])('%s is the number %d', (text, value) => expect(typedValue(text, 'number')).toEqual({ value, fit: 1 }));

  it.each([
    ['42 pieces', 42],
    ['about 7', 7],
  ])('%s fits %d only partly', (text, value) => expect(typedValue(text, 'number')).toEqual({ value, fit: 0.7 }));

  it.each(['none', '', '  ', '-', 'CHF'])('%j is not a number', (text) => {
    expect(typedValue(text, 'number')).toBeUndefined();
  });
});

describe('dates', () => {
  it.each([
    ['2026-03-15', '2026-03-15'],
    ['2026/3/5', '2026-03-05'],
    ['15.03.2026', '2026-03-15'],
    ['15 March 2026', '2026-03-15'],
    ['March 15, 2026', '2026-03-15'],
    ['Sept. 1st, 2026', '2026-09-01'],
    ['15-Mar-2026', '2026-03-15'],
    ['31/12/2026', '2026-12-31'],
    ['12/31/2026', '2026-12-31'],
    ['05/05/2026', '2026-05-05'],
    ['29.02.2028', '2028-02-29'],
  ])('%s is %s', (text, value) => expect(typedValue(text, 'date')).toEqual({ value, fit: 1 }));

  it('03/04/2026 is ambiguous and gets a lower fit', () => {
    expect(typedValue('03/04/2026', 'date')).toEqual({ value: '2026-04-03', fit: 0.6 });
  });

  it('a date within a sentence gets a lower fit', () => {
    expect(typedValue('by 15 March 2026 at the latest', 'date')).toEqual({ value: '2026-03-15', fit: 0.7 });
  });

  it.each(['31.02.2026', '2026-13-01', 'soon', '12.5.26'])('%s is not a date', (text) =>
    expect(typedValue(text, 'date')).toBeUndefined(),
  );
});

it.each([
  ['Yes', true, 1],
  ['no', false, 1],
  ['TRUE', true, 1],
  ['☑', true, 1],
  ['[ ]', false, 0.7],
  ['yes, with a dog', true, 0.7],
  ['nein', false, 1],
])('%s is %s', (text, value, fit) => expect(typedValue(text, 'boolean')).toEqual({ value, fit }));

it.each(['maybe', 'notable', 'yesterday'])('%s is not a boolean', (text) =>
  expect(typedValue(text, 'boolean')).toBeUndefined(),
);

it('commas and semicolons separate the items of a list', () => {
  expect(typedValue('tea, coffee; water', 'array')).toEqual({ value: ['tea', 'coffee', 'water'], fit: 1 });
  expect(typedValue('tea', 'array')).toEqual({ value: ['tea'], fit: 0.7 });
});

it.each([
  ['x-5', -5, 0.7],
  ['- 5', -5, 1],
  ['(5', 5, 1],
  ['(5 EUR)', -5, 1],
  ['ABC12', 12, 0.7],
  ['kr. 12', 12, 1],
  ['12 kr', 12, 1],
  ['XUSD 12', 12, 0.7],
  ['USD12', 12, 0.7],
])('the number of %j is %d', (text, value, fit) => expect(typedValue(text, 'number')).toEqual({ value, fit }));

it('a three-letter word between two numbers is not a month', () => {
  expect(typedValue('12 per 2026, 15 March 2026', 'date')).toEqual({ value: '2026-03-15', fit: 0.7 });
  expect(typedValue('12 per 2026', 'date')).toBeUndefined();
});
