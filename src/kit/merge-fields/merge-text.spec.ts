import { expect, it, test } from 'vitest';
import { escapeHtml } from '../../core/wire/escape-html.js';
import { findMergeProblem, mergeText } from './merge-text.js';

const CONTACT: Readonly<Record<string, string>> = { 'contact.name': '<b>Zoë & Söhne</b>', 'contact.email': '' };
const values = (field: string) => CONTACT[field];
const problemOf = (text: string) => findMergeProblem(text, (field) => field in CONTACT, 'contact.name');

test.for([
  ['Hello {{contact.name}}!', 'Hello <b>Zoë & Söhne</b>!'],
  ['{{ contact.name }}{{contact.name}}', '<b>Zoë & Söhne</b><b>Zoë & Söhne</b>'],
  ['{{contact.name | default: "you"}}', '<b>Zoë & Söhne</b>'],
  ['Dear {{contact.email | default: "friend"}}', 'Dear friend'],
  [`Dear {{contact.email|default:'"you"'}}`, 'Dear "you"'],
  ['Dear {{contact.email | default: &quot;you&quot;}}', 'Dear you'],
  ['<{{contact.email}}>', '<>'],
  ['a { b } }} c', 'a { b } }} c'],
  ['{{{contact.name}}}', '{{{contact.name}}}'],
  ['{{nothing}} {{contact.name', '{{nothing}} {{contact.name'],
] as const)('%s becomes %s', ([text, merged]) => {
  expect(mergeText(text, values)).toBe(merged);
});

it('values and defaults are escaped in HTML, and the text around them is not', () => {
  const html = '<p title="{{contact.name}}">{{contact.email | default: "A & B"}}</p>';
  expect(mergeText(html, values, escapeHtml)).toBe('<p title="&#60;b&#62;Zoë &#38; Söhne&#60;/b&#62;">A &#38; B</p>');
});

it('a value is not merged again', () => {
  expect(mergeText('{{a}}', (field) => (field === 'a' ? '{{b}}' : 'x'))).toBe('{{b}}');
});

test.for([
  ['{{contact.nmae}}', /unknown merge field: \{\{contact\.nmae\}\}\. Known are contact\.name/],
  ['{{constructor}}', /unknown merge field/],
  ['{{}}', /can't be read/],
  ['{{contact.name', /can't be read: \{\{contact\.name\./],
  ['{{contact.name | upper}}', /can't be read/],
  ['{{contact.name | default: you}}', /can't be read/],
  ['{{contact.name}} {{contact name}}', /can't be read: \{\{contact name\}\}/],
] as const)('%s is refused', ([text, problem]) => {
  expect(findMergeProblem(text, (field) => Object.hasOwn(CONTACT, field), 'contact.name')).toMatch(problem);
});

it('fields that can be read are accepted', () => {
  expect(problemOf('{{contact.name}} {{ contact.email | default: "" }} } {')).toBeUndefined();
});

it('the longest texts are read at once', () => {
  for (const text of ['{{'.repeat(100_000), '{{ '.repeat(66_000) + '}}', `{{a |${' '.repeat(199_000)}}}`]) {
    expect(problemOf(text)).toMatch(/can't be read/);
    expect(mergeText(text, values)).toBe(text);
  }
});
