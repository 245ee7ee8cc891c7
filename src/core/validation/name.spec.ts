import { describe, expect, it } from 'vitest';
import { Nullable } from './decorators.js';
import { IsPathSegment, Name, OptionalName } from './name.js';
import { validateDto } from './request.pipe.js';

class Named {
  @Name(5)
  name: string;

  @Nullable()
  @OptionalName(5)
  nick: string | null = 'Ok';

  @IsPathSegment()
  segment: string = 'a';
}

const answerTo = (fields: object) => validateDto({ name: 'Sam', ...fields }, Named);
const problemOf = (fields: object) => (answerTo(fields) as { problems: { message: string }[] }).problems[0]!.message;

describe('a name', () => {
  it.each([
    ['  Sam\n', 'Sam'],
    ['Cafe\u0301', 'Café'],
    ['?', '?'],
    ['€', '€'],
    ['日本', '日本'],
    ['👩‍🚀', '👩‍🚀'],
    ['\u3000a\u0301bcde', 'ábcde'],
  ])('%j is %j', (name, stored) => {
    expect(answerTo({ name })).toMatchObject({ instance: { name: stored } });
  });

  it.each(['', ' ', '\n', '\t \u3000\ufeff'])('of blanks, %j, is too short', (name) => {
    expect(problemOf({ name })).toBe('name must be longer than or equal to 1 characters');
  });

  it.each(['\u200b', '\u200d\ufe0f', '\u3164', '\u2800', '\u00ad', '\u0301', 'a\nb', 'a\u2028b', 'a\0b'])(
    'without a visible character or with two lines, %j, is refused',
    (name) => {
      expect(problemOf({ name })).toBe('name must be one line of text with at least one visible character');
    },
  );

  it.each([null, 1, ['a']])('that is %j must be a string', (name) => {
    expect(problemOf({ name })).toBe('name must be a string');
  });

  it.each(['abcdef', '\u0316\u0301'.repeat(300_000)])('of too many characters is refused', (name) => {
    expect(problemOf({ name })).toBe('name must be shorter than or equal to 5 characters');
  });
});

it.each([
  ['', null],
  [' \n', null],
  ['\u200b', null],
  [null, null],
  [' Sam ', 'Sam'],
])('an optional name of %j is %j', (nick, stored) => {
  expect(answerTo({ nick })).toMatchObject({ instance: { nick: stored } });
});

it.each(['.', '..'])('%j cannot be a segment of a path', (segment) => {
  expect(problemOf({ segment })).toBe('segment must not be "." or "..", which cannot be in a path');
});
