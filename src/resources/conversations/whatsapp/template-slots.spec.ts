import { describe, expect, it } from 'vitest';
import { isComponents, sentComponents, textOf, variablesCount } from './template-slots.js';

const ORDER = [
  {
    type: 'BUTTONS',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Stop' },
      { type: 'URL', url: 'https://a.example/{{1}}' },
    ],
  },
  { type: 'BODY', text: 'Hello {{1}}, order {{2}} is on its way, {{1}}.' },
  { type: 'FOOTER', text: 'Acme' },
  { type: 'HEADER', format: 'TEXT', text: 'For {{1}}' },
];
const NAMED = [{ type: 'body', text: 'Hello {{first_name}}, {{ last_name }}' }];
const PICTURE = [
  { type: 'HEADER', format: 'IMAGE' },
  { type: 'BODY', text: 'Look' },
];

it('variables fill the header, the body and the buttons, in this order', () => {
  expect([ORDER, NAMED, PICTURE].map(variablesCount)).toEqual([4, 2, 1]);
  const variables = ['you', 'Ann', '7', 'x'];
  expect(textOf(ORDER, variables)).toBe('For you\nHello Ann, order 7 is on its way, Ann.\nAcme');
  expect(sentComponents(ORDER, variables)).toEqual([
    { type: 'header', parameters: [{ type: 'text', text: 'you' }] },
    {
      type: 'body',
      parameters: [
        { type: 'text', text: 'Ann' },
        { type: 'text', text: '7' },
      ],
    },
    { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'x' }] },
  ]);
  expect(sentComponents(NAMED, ['Ann', 'Lee'])[0]!.parameters).toEqual([
    { type: 'text', parameter_name: 'first_name', text: 'Ann' },
    { type: 'text', parameter_name: 'last_name', text: 'Lee' },
  ]);
  expect(sentComponents(PICTURE, ['https://a.example/a.png'])).toEqual([
    { type: 'header', parameters: [{ type: 'image', image: { link: 'https://a.example/a.png' } }] },
  ]);
});

describe('components are refused', () => {
  it.each([
    [{}],
    [[]],
    [[{ type: 'HEADER', text: 'x' }]],
    [[{ type: 'BODY' }]],
    [[{ type: 'BODY', text: 7 }]],
    [[null]],
  ])('%j', (value) => expect(isComponents(value)).toBe(false));
  it('with the same type twice', () => expect(isComponents([...NAMED, ...NAMED])).toBe(false));
});
