import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/app-error.js';
import { findUnusable, isStorable, JSON_DEPTH_MAX, JSON_VALUES_MAX, readJsonBody } from './json-body.js';

const read = (text: string) => readJsonBody(Buffer.from(text));

/** The message of why a body can't be used; undefined: it can. */
function problemOf(text: string | Buffer): string | undefined {
  try {
    readJsonBody(Buffer.from(text));
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

/** That many objects or lists in each other. */
function nested(levels: number, [open, close]: [string, string]): string {
  return open.repeat(levels) + '1' + close.repeat(levels);
}

describe('readJsonBody', () => {
  it.each<[string, unknown]>([
    ['', {}],
    ['{}', {}],
    [' {"name": "Acme \\u00e9 😀"} ', { name: 'Acme é 😀' }],
    ['[1, 2]', [1, 2]],
    ['null', null],
    ['"text"', 'text'],
    ['-9007199254740991', -9007199254740991],
    ['{"a": 9007199254740993, "a": 2}', { a: 2 }],
    ['"9007199254740993, 1e400"', '9007199254740993, 1e400'],
    ['{"a": 1, "a": 2}', { a: 2 }],
  ])('reads %j', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    ['{', 'not closed'],
    ['{"a":1,}', 'a comma too many'],
    ["{'a':1}", 'single quotes'],
    ['{"a":NaN}', 'NaN'],
    ['{"a":01}', 'a leading zero'],
    ['{"a":"\n"}', 'a raw line break'],
    ['{"a":1} {"b":2}', 'two values'],
    ['undefined', 'a word'],
    ['\u0000', 'a NUL'],
  ])('refuses %j (%s) as invalid JSON', (text) => {
    expect(problemOf(text)).toBe('The body is not valid JSON.');
  });

  it('refuses bytes that are not UTF-8 as invalid JSON', () => {
    const inText = (...bytes: number[]) => Buffer.from([...Buffer.from('{"a":"'), ...bytes, ...Buffer.from('"}')]);
    const broken = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80]];
    const messages = broken.map((bytes) => problemOf(inText(...bytes)));
    expect(messages.filter((message) => message !== 'The body is not valid JSON.')).toEqual([]);
  });

  it.each<[string, [string, string]]>([
    ['lists', ['[', ']']],
    ['objects', ['{"a":', '}']],
  ])('takes 32 levels of %s and no 33rd', (_what, brackets) => {
    expect(JSON_DEPTH_MAX).toBe(32);
    expect(problemOf(nested(32, brackets))).toBe(undefined);
    expect(problemOf(nested(33, brackets))).toBe('The body is nested deeper than 32 levels.');
  });

  it('does not count brackets in a string, however its end is escaped', () => {
    const texts = [
      '[['.repeat(40),
      '{'.repeat(40),
      '\\"[['.repeat(40),
      `\\\\${'"['.repeat(40)}`,
      `"${'{'.repeat(40)}"`,
    ];
    expect(texts.map((text) => read(JSON.stringify({ text })))).toEqual(texts.map((text) => ({ text })));
    expect(problemOf(`["\\\\", ${nested(32, ['[', ']'])}]`)).toBe('The body is nested deeper than 32 levels.');
  });

  it('refuses a megabyte of brackets without parsing it, which would take half a second', () => {
    const bodies = [nested(500_000, ['[', ']']), '['.repeat(1_000_000), '{"a":'.repeat(200_000)];
    const parse = vi.spyOn(JSON, 'parse');
    expect(bodies.map((text) => problemOf(text))).toEqual(
      bodies.map(() => 'The body is nested deeper than 32 levels.'),
    );
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it.each<[string, (values: number) => string]>([
    ['zeros', (values) => `[${Array(values).fill(0).join(',')}]`],
    [
      'fields',
      (values) =>
        `[${Array(values / 2)
          .fill('{"a":0}')
          .join(',')}]`,
    ],
    ['texts of commas and brackets', (values) => JSON.stringify(Array(values).fill(',[{"'))],
  ])('takes 50,000 values and no more, counted before anything is parsed: %s', (_what, bodyOf) => {
    expect(JSON_VALUES_MAX).toBe(50_000);
    expect(problemOf(bodyOf(JSON_VALUES_MAX))).toBe(undefined);
    const parse = vi.spyOn(JSON, 'parse');
    const tooMany = bodyOf(JSON_VALUES_MAX + 2);
    expect(problemOf(tooMany)).toBe('The body has too many fields or values.');
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it('refuses every name that all objects inherit, and names it, at any depth', () => {
    const inherited = Object.getOwnPropertyNames(Object.prototype);
    expect(inherited).toContain('__proto__');
    const messages = inherited.flatMap((name) => [
      problemOf(`{${JSON.stringify(name)}: {"isAdmin": true}}`),
      problemOf(`{"a": [{${JSON.stringify(name)}: 1}]}`),
    ]);
    expect(messages).toEqual(
      inherited.flatMap((name) => [`${name} is not a known field`, `a.0.${name} is not a known field`]),
    );
    expect(({} as { isAdmin?: boolean }).isAdmin).toBe(undefined);
  });

  it('refuses such a name however its characters are written', () => {
    expect(problemOf('{"\\u005f\\u005fproto__": 1}')).toBe('__proto__ is not a known field');
    expect(problemOf('{"construct\\u006fr": 1}')).toBe('constructor is not a known field');
  });

  it.each([
    ['{"name": "a\\u0000b"}', 'name contains a character that cannot be stored'],
    ['{"name": "\\ud83d"}', 'name contains a character that cannot be stored'],
    ['{"name": "\\ude00\\ud83d"}', 'name contains a character that cannot be stored'],
    ['{"tags": ["fine", "\\u0000"]}', 'tags.1 contains a character that cannot be stored'],
    ['{"data": {"\\u0000": 1}}', 'data contains a character that cannot be stored'],
    ['{"\\ud800": 1}', 'The body contains a character that cannot be stored'],
  ])('refuses %s: no column can hold it', (text, message) => {
    expect(problemOf(text)).toBe(message);
  });
});

describe('a number that JavaScript would change', () => {
  it.each([
    ['{"data": {"id": 8202522731445525542}}', 'data.id', '8202522731445526000'],
    ['{"data": [{"n": 1, "id": [1e400]}]}', 'data.0.id.0', 'Infinity'],
    ['{"a": -1e400, "b": "1e400"}', 'a', '-Infinity'],
    ['{"price":0.12345678901234567891}', 'price', '0.12345678901234568'],
    ['9007199254740993', 'The body', '9007199254740992'],
  ])('is refused with its field: %s', (text, field, changed) => {
    expect(problemOf(text)).toBe(
      `${field} must be a number that 64-bit floating point holds exactly (this one would become ${changed}): send it as a string`,
    );
  });

  it('reports invalid JSON as invalid, also with such a number', () => {
    for (const text of ['{"a":9007199254740993', '9007199254740993 1', '{"a":09007199254740993}', '1e400e1', '-']) {
      expect(problemOf(text)).toBe('The body is not valid JSON.');
    }
  });

  it('is named by the field of a form that holds it', () => {
    expect(() => readJsonBody(Buffer.from('{"id":1e400}'), 'fields')).toThrow(/^fields\.id must be a number/);
  });
});

describe('findUnusable', () => {
  it('reports what it found as a 400 with the field', () => {
    const { definition, details } = findUnusable({ data: { deep: ['\0'] } })!;
    expect(definition.status).toBe(400);
    expect(details.errors).toEqual([
      { field: 'data.deep.0', message: 'data.deep.0 contains a character that cannot be stored' },
    ]);
  });

  it('finds nothing in usable values, including numbers and empty values', () => {
    const usable = [null, 0, -0, 1e308, true, '', [], {}, [[], {}], { a: null, b: '😀', 'a b': [1, 'x'] }, undefined];
    expect(usable.filter((value) => findUnusable(value) !== undefined)).toEqual([]);
  });
});

describe('isStorable', () => {
  it('accepts only text that UTF-8 and Postgres can store', () => {
    const texts = ['', 'a', '\u0001', '\u007f', '\ufffe', '\uffff', '😀', '\u202e', 'e\u0301'];
    expect(texts.filter((text) => !isStorable(text))).toEqual([]);
    expect(['\0', 'a\0', '\ud83d', 'a\ude00b', '\ude00\ud83d'].filter(isStorable)).toEqual([]);
  });
});
