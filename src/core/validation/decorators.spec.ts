import { describe, expect, it } from 'vitest';
import {
  Absentable,
  IsInstant,
  IsLanguageTag,
  IsTimeZone,
  Nullable,
  Optional,
  QueryBoolean,
  QueryInteger,
  Text,
} from './decorators.js';
import { validated } from './request.pipe.js';

/** A DTO whose one field has these decorators. */
function fieldWith(...decorators: PropertyDecorator[]): new () => { field?: unknown } {
  class Dto {
    field?: unknown;
  }
  for (const decorator of decorators) decorator(Dto.prototype, 'field');
  return Dto;
}

/** `[accepted]` of the values, by what the field holds afterwards. */
async function accepted(values: readonly unknown[], ...decorators: PropertyDecorator[]): Promise<unknown[]> {
  const dto = fieldWith(...decorators);
  const results = await Promise.allSettled(values.map(async (field) => validated({ field }, dto)));
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.field] : []));
}

async function refusalOf(value: unknown, ...decorators: PropertyDecorator[]): Promise<string> {
  try {
    validated({ field: value }, fieldWith(...decorators));
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('presence', () => {
  it.each<[string, () => PropertyDecorator, unknown[]]>([
    ['Optional: left out, but never null', Optional, [undefined]],
    ['Nullable: null, but never left out', Nullable, [null]],
    ['Absentable: either', Absentable, [undefined, null]],
  ])('%s', async (_what, decorator, values) => {
    expect(await accepted([undefined, null, '', 0, false, {}], decorator(), Text(1, 3))).toEqual(values);
  });
});

describe('Text', () => {
  it('accepts only strings within the given lengths', async () => {
    const values = ['a', 'abc', 'äöü', '😀😀😀', '   '];
    expect(await accepted([...values, '', 'abcd', '😀😀😀😀', 1, null, ['a'], {}, true], Text(1, 3))).toEqual(values);
  });

  it('says what is wrong', async () => {
    expect(await refusalOf('abcd', Text(1, 3))).toBe('field must be shorter than or equal to 3 characters');
    expect(await refusalOf('', Text(1, 3))).toBe('field must be longer than or equal to 1 characters');
    expect(await refusalOf(5, Text(1, 3))).toBe('field must be a string');
  });
});

describe('QueryInteger', () => {
  it('accepts whole numbers in digits, within its bounds', async () => {
    expect(await accepted(['1', '007', '100'], QueryInteger(1, 100))).toEqual([1, 7, 100]);
  });

  it('refuses everything that only looks like one', async () => {
    const values = ['0', '101', '', ' 1', '1 ', '+1', '-1', '1.0', '1e1', '0x1', '١', '99999999999', 'NaN', 'true'];
    expect(await accepted([...values, ['1'], { a: '1' }], QueryInteger(1, 100))).toEqual([]);
  });
});

describe('QueryBoolean', () => {
  it('accepts exactly true and false, and reads false as false', async () => {
    expect(await accepted(['true', 'false'], QueryBoolean())).toEqual([true, false]);
    expect(await accepted(['', '1', '0', 'TRUE', 'yes', ['true'], 'null'], QueryBoolean())).toEqual([]);
  });
});

describe('IsInstant', () => {
  it('accepts ISO 8601 instants with a zone', async () => {
    const instants = [
      '2026-03-15T10:30:00.000Z',
      '2026-03-15T10:30:00Z',
      '2026-03-15T10:30Z',
      '2026-03-15T10:30:00.123456789Z',
      '2026-03-15T10:30:00+05:30',
      '2024-02-29T00:00:00Z',
    ];
    expect(await accepted(instants, IsInstant())).toEqual(instants);
  });

  it.each([
    ['no zone', '2026-03-15T10:30:00'],
    ['a date alone', '2026-03-15'],
    ['a day that does not exist', '2026-02-30T00:00:00Z'],
    ['a leap day of no leap year', '2026-02-29T00:00:00Z'],
    ['an hour that does not exist', '2026-03-15T25:00:00Z'],
    ['a minute that does not exist', '2026-03-15T10:60:00Z'],
    ['an offset that does not exist', '2026-03-15T10:30:00+99:99'],
    ['a month that does not exist', '2026-13-01T00:00:00Z'],
    ['a blank for the T', '2026-03-15 10:30:00Z'],
    ['a year of more than four digits', '+002026-03-15T10:30:00Z'],
    ['a week date', '2026-W11-7T10:30:00Z'],
    ['a year before 1', '0000-06-15T10:30:00Z'],
    ['a year that is before 1 in UTC', '0001-01-01T00:00:00+05:00'],
    ['a year that is after 9999 in UTC', '9999-12-31T23:59:59-05:00'],
    ['a number', 1773570600000],
    ['words', 'tomorrow'],
  ])('refuses %s', async (_what, value) => {
    expect(await refusalOf(value, IsInstant())).toContain('field must be');
  });
});

describe('IsLanguageTag', () => {
  it('accepts only BCP 47 tags', async () => {
    const tags = ['en', 'es', 'de', 'pt-BR', 'zh-Hant-TW', 'sr-Latn', 'de-DE-1996', 'es-419', 'EN'];
    expect(await accepted(tags, IsLanguageTag())).toEqual(tags);
    const others = ['', 'e', 'en_US', 'english language', 'en-', '-en', 'en--US', '1', 'e'.repeat(40), 1, null, ['en']];
    expect(await accepted(others, IsLanguageTag())).toEqual([]);
  });
});

describe('IsTimeZone', () => {
  it('accepts only names of the IANA database', async () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'];
    expect(await accepted(zones, IsTimeZone())).toEqual(zones);
    const others = ['', '+01:00', '-05:00', 'Mars/Olympus', 'Berlin', 'local', 'A'.repeat(100), 1, null, ['UTC']];
    expect(await accepted(others, IsTimeZone())).toEqual([]);
  });
});
