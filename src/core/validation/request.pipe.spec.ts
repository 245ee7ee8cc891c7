import type { ArgumentMetadata } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import type { AppError } from '../errors/app-error.js';
import { Optional, QueryInteger, Text } from './decorators.js';
import { readJsonBody } from './json-body.js';
import { RequestPipe } from './request.pipe.js';

class Shift {
  @IsInt()
  hour: number;
}

class Body {
  @Text(1, 5)
  name: string;

  @Optional()
  @ValidateNested({ each: true })
  @Type(() => Shift)
  shifts?: Shift[];

  @Optional()
  @IsString({ each: true })
  labels?: string[];
}

class Query {
  @Optional()
  @QueryInteger(1, 100)
  limit: number = 50;
}

const pipe = new RequestPipe();
const body = async (value: unknown) => pipe.transform(value, { type: 'body', metatype: Body });
const query = async (value: unknown) => pipe.transform(value, { type: 'query', metatype: Query });

/** The 400 that a value gets. */
async function refusal(transformed: Promise<unknown>): Promise<AppError> {
  const error = await transformed.then(
    () => undefined,
    (reason: AppError) => reason,
  );
  expect(error?.definition.status).toBe(400);
  return error!;
}

const messageOf = async (transformed: Promise<unknown>) => (await refusal(transformed)).message;

describe('RequestPipe on bodies', () => {
  it('returns an instance of the DTO with exactly the fields that were sent', async () => {
    const value = await body({ name: 'Acme', shifts: [{ hour: 9 }] });
    expect(value).toBeInstanceOf(Body);
    expect(value).toEqual({ name: 'Acme', shifts: [{ hour: 9 }] });
    expect(Object.keys(value as object)).toEqual(['name', 'shifts']);
  });

  it('names every field that is wrong, one sentence each, in one message and in a list', async () => {
    const { message, details } = await refusal(body({ name: 'too long', shifts: [{ hour: 1 }, { hour: 'x' }] }));
    expect(details.errors!.map(({ field }) => field)).toEqual(['name', 'shifts.1.hour']);
    expect(message).toBe(details.errors!.map((problem) => problem.message).join('; '));
    expect(message).toContain('shifts.1.hour must be an integer number');
  });

  it('says of a missing field that it is required, also in a nested DTO and in a list', async () => {
    expect(await messageOf(body({ shifts: [{}] }))).toBe('name is required; shifts.0.hour is required');
    expect(await messageOf(body({ name: null }))).not.toContain('required');
  });

  it('names the field of invalid list members', async () => {
    expect(await messageOf(body({ name: 'Acme', labels: ['a', 1] }))).toBe('each value in labels must be a string');
  });

  it('refuses unknown fields by their whole path', async () => {
    expect(await messageOf(body({ name: 'Acme', nmae: 1 }))).toBe('nmae is not a known field');
    const nested = { name: 'Acme', shifts: [{ hour: 1, minute: 2 }] };
    expect(await messageOf(body(nested))).toBe('shifts.0.minute is not a known field');
  });

  it('refuses every name that all objects inherit as an unknown field', async () => {
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      const read = async () => body(readJsonBody(Buffer.from(`{"name": "Acme", ${JSON.stringify(name)}: 1}`)));
      expect(await messageOf(read())).toBe(`${name} is not a known field`);
    }
  });

  it.each([['[]'], ['[{"name": "Acme"}]'], ['"text"'], ['1'], ['true'], ['null']])(
    'refuses %s, which is no object',
    async (text) => {
      expect(await messageOf(body(readJsonBody(Buffer.from(text))))).toBe('The body must be a JSON object.');
    },
  );

  it('treats a missing body as an empty object', async () => {
    expect(await messageOf(body(undefined))).toContain('name');
    expect(await pipe.transform(undefined, { type: 'query', metatype: Query })).toEqual({ limit: 50 });
  });

  it('does not convert values of another type', async () => {
    expect(await messageOf(body({ name: 12 }))).toContain('name must be');
    expect(await messageOf(body({ name: 'Acme', shifts: [{ hour: '9' }] }))).toContain('shifts.0.hour must be');
    expect(await messageOf(body({ name: ['Acme'] }))).toContain('name must be');
  });
});

describe('RequestPipe on queries', () => {
  it('parses numbers, and keeps the defaults of omitted parameters', async () => {
    expect(await query({ limit: '7' })).toEqual({ limit: 7 });
    expect(await query({})).toEqual({ limit: 50 });
  });

  it.each([
    ['an unknown parameter', { limt: '1' }, 'limt is not a known field'],
    ['one that objects inherit', { constructor: '1' }, 'constructor is not a known field'],
    ['a repeated one', { limit: ['1', '2'] }, 'limit must be an integer number'],
    ['a NUL', { limit: '\0' }, 'limit contains a character that cannot be stored'],
  ])('refuses %s', async (_what, value, message) => {
    expect(await messageOf(query(value))).toContain(message);
  });
});

describe('RequestPipe on path parameters', () => {
  const parameter = async (value: string) =>
    pipe.transform(value, { type: 'param', metatype: String, data: 'tag_name' });

  it('returns them unchanged, and refuses unstorable ones by name', async () => {
    expect(await parameter('a/b c%')).toBe('a/b c%');
    expect(await messageOf(parameter('a\0b'))).toBe('tag_name contains a character that cannot be stored');
    expect(await messageOf(parameter('\ud83d'))).toBe('tag_name contains a character that cannot be stored');
  });
});

describe('RequestPipe on anything else', () => {
  it('ignores arguments that are not part of the request or have no DTO', async () => {
    const value = { anything: ['\0'] };
    const untouched: ArgumentMetadata[] = [
      { type: 'custom', metatype: Body },
      { type: 'body', metatype: Object },
      { type: 'query', metatype: String },
      { type: 'query' },
    ];
    for (const metadata of untouched) expect(await pipe.transform(value, metadata)).toBe(value);
  });
});
