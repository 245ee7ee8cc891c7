import { describe, expect, it } from 'vitest';
import { fieldsReferredTo, referencesIn, RESOLVED_CHARACTERS_MAX, resolveReferences } from './references.js';

const KNOWN = {
  trigger: { amount: 12.5, name: 'Ada', tags: ['a', 'b'], nested: { 'a-b': { c: true } }, nothing: null },
  'look-up': { status: 200, body: { items: [{ id: 'x' }] } },
};
const resolved = (value: unknown) => resolveReferences(value, KNOWN)?.value;

describe('resolveReferences', () => {
  it.each<[unknown, unknown]>([
    ['{{trigger.amount}}', 12.5],
    ['{{ trigger.amount }}', 12.5],
    ['{{trigger.tags}}', ['a', 'b']],
    ['{{trigger.nested.a-b.c}}', true],
    ['{{look-up.body.items.0.id}}', 'x'],
    ['{{trigger.nothing}}', null],
    ['{{trigger.missing}}', null],
    ['{{nobody.field}}', null],
    ['{{trigger.name.length}}', null],
    ['{{trigger.tags.length}}', 2],
    ['Hello {{trigger.name}}, {{trigger.amount}}', 'Hello Ada, 12.5'],
    ['[{{trigger.missing}}{{trigger.nothing}}]', '[]'],
    ['as {{trigger.tags}}', 'as ["a","b"]'],
    ['{{trigger.name}}{{trigger.name}}', 'AdaAda'],
    ['{{trigger}} {{}} {{trigger.}} {trigger.name}', '{{trigger}} {{}} {{trigger.}} {trigger.name}'],
    [
      { to: ['{{trigger.name}}', 1], deep: { x: '{{trigger.amount}}' } },
      { to: ['Ada', 1], deep: { x: 12.5 } },
    ],
    [7, 7],
    [null, null],
    [false, false],
  ])('%j resolves to %j', (value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  it('resolves inherited properties to null', () => {
    const inherited = ['trigger.constructor', 'trigger.__proto__', 'constructor.name', '__proto__.toString'];
    expect(inherited.map((path) => resolved(`{{${path}}}`))).toEqual([null, null, null, null]);
  });

  it('does not resolve references in inserted values', () => {
    const sly = { trigger: { text: '{{secret.key}}' }, secret: { key: 'k' } };
    expect(resolveReferences('{{trigger.text}} and {{trigger.text}}', sly)?.value).toBe(
      '{{secret.key}} and {{secret.key}}',
    );
  });

  it('escapes every inserted value if given an escape function', () => {
    const shout = (value: unknown) => resolveReferences(value, KNOWN, (text) => text.toUpperCase())?.value;
    expect(['{{trigger.name}}', 'hi {{trigger.name}}', '{{trigger.tags}}', '{{trigger.nothing}}'].map(shout)).toEqual([
      'ADA',
      'hi ADA',
      '["A","B"]',
      '',
    ]);
  });

  it('returns undefined when the result exceeds the limit', () => {
    const long = { trigger: { text: 'x'.repeat(RESOLVED_CHARACTERS_MAX) } };
    expect(resolveReferences('{{trigger.text}}', long)?.value).toHaveLength(RESOLVED_CHARACTERS_MAX);
    const many = Array.from({ length: 10_000 }, () => '{{trigger.text}} {{trigger.text}}');
    expect(resolveReferences(many, long)).toBeUndefined();
    expect(resolveReferences(many.join(''), long)).toBeUndefined();
  });
});

describe('referencesIn', () => {
  it('returns each reference with its source, and malformed ones without', () => {
    expect(referencesIn({ a: ['{{trigger.x}} {{step_1.y.z}}'], b: { c: '{{oops}}{{ }}' }, d: 1 })).toEqual([
      { text: '{{trigger.x}}', source: 'trigger' },
      { text: '{{step_1.y.z}}', source: 'step_1' },
      { text: '{{oops}}', source: undefined },
      { text: '{{ }}', source: undefined },
    ]);
  });

  it('reads from opening braces to the next closing ones, in linear time', () => {
    expect(referencesIn('{{{a}} }} {{trigger.\nx}}').map(({ text }) => text)).toEqual(['{{{a}}', '{{trigger.\nx}}']);
    expect(referencesIn('{'.repeat(1_000_000))).toEqual([]);
  });
});

describe('fieldsReferredTo', () => {
  it.each([
    ['{{trigger.contact.email}} {{tag.contact}} {{trigger.score}}', ['contact', 'score']],
    ['{{ trigger.contact}}', ['contact']],
    // Must find every reference that resolving finds, or a scope check is bypassed.
    ['{{ {{trigger.contact.email}} }}', ['contact']],
    ['{{{trigger.contact.email}}}', ['contact']],
    [{ a: ['{{trigger.x.y}}'], b: { c: '{{trigger.z}}', '{{trigger.name}}': 1 } }, ['x', 'z']],
    ['{{trigger}} {{triggers.x}} trigger.x', []],
  ])('of %j are %j', (value, fields) => expect(fieldsReferredTo(value, 'trigger')).toEqual(fields));
});
