import type { BodyField } from './body-fields.js';

export interface BadBody {
  readonly what: string;
  readonly body: Buffer | string;
  readonly contentType?: string;
  /** The required status. */
  readonly status: 400 | 413 | 415;
}

const DEPTH = 10_000;
const MEBIBYTE = 1024 * 1024;

const json = (bodies: Readonly<Record<string, Buffer | string>>): BadBody[] =>
  Object.entries(bodies).map(([what, body]) => ({ what, body, status: 400 }));

/** Invalid for every route, and cheap enough to send to each. */
export const ALWAYS_BAD: readonly BadBody[] = json({
  'a list of objects': '[{}]',
  'an unknown field': '{"no_such_field":1}',
});

/** Invalid for every route by shared rules, whatever its fields. */
export const BAD_BODIES: readonly BadBody[] = json({
  null: 'null',
  'a list': '[]',
  'a text': '"text"',
  'a number': '1',
  'a boolean': 'true',
  'a hundred unknown fields': `{${Array.from({ length: 100 }, (_, index) => `"${index}${'x'.repeat(1_000)}":1`).join(',')}}`,
  'a field of a long name': `{"${'x'.repeat(50_000)}":1}`,
  'the field prototype': '{"prototype":{}}',
  'the field length': '{"length":1e9}',
});

/** Refused by shared code before validation. */
export const UNREADABLE_BODIES: readonly BadBody[] = [
  ...json({
    'an open brace': '{',
    'a comma too many': '{"a":1,}',
    'a word': 'nonsense',
    'two values': '{} {}',
    'not a number': '{"a":NaN}',
    'a raw NUL': '\0',
    'too many unknown fields': `{${Array.from({ length: 2_000 }, (_, index) => `"f${index}":1`).join(',')}}`,
    'too many values': `{"a":[${'1,'.repeat(100_000)}1]}`,
    'the field __proto__': '{"__proto__":{"isAdmin":true}}',
    'the field __proto__, escaped': '{"\\u005f_proto__":{"isAdmin":true}}',
    'the field constructor': '{"constructor":{"prototype":{"isAdmin":true}}}',
    'the field toString': '{"toString":1}',
    'the field hasOwnProperty': '{"hasOwnProperty":1}',
    'a NUL in a name': '{"a\\u0000b":1}',
    'half a surrogate pair in a name': '{"\\ud800":1}',
    'deep lists': `{"a":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`,
    'deep objects': `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
    'deep lists that never end': '['.repeat(DEPTH),
    'a byte that is no UTF-8': Buffer.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')]),
    'an encoded surrogate': Buffer.from([...Buffer.from('{"a":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')]),
    'an overlong NUL': Buffer.from([...Buffer.from('{"a":"'), 0xc0, 0x80, ...Buffer.from('"}')]),
    'UTF-16': Buffer.from('{"a":1}', 'utf16le'),
  }),
  { what: 'more than 1 MiB', body: `{"a":"${'x'.repeat(MEBIBYTE)}"}`, status: 413 },
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'application',
    'application/json, text/plain',
    ';',
  ].map((contentType) => ({ what: `Content-Type ${contentType}`, body: '{}', contentType, status: 415 as const })),
];

/** The largest bodies that JSON parsing and validation need most time for. */
export const FULL_BODIES: Readonly<Record<string, string>> = {
  fields: `{${Array.from({ length: 90_000 }, (_, index) => `"f${index}":1`).join(',')}}`,
  'fields in a field': `{"a":{${Array.from({ length: 90_000 }, (_, index) => `"f${index}":1`).join(',')}}}`,
  objects: `{"a":[${'{},'.repeat(300_000)}1]}`,
  brackets: '['.repeat(MEBIBYTE),
};

/** Invalid by the rules of each field. */
const BAD_VALUES: Readonly<Record<string, string>> = {
  'a number past 2^53': '9007199254740993',
  'a number past an int column': '2147483648',
  'a number below an int column': '-2147483649',
  'a number past all columns': '1e308',
  'a number past all numbers': '1e400',
  'a list of lists': '[[]]',
};

/** Invalid by one shared rule, so each field gets one of them in turn. */
const UNUSABLE_VALUES: readonly (readonly [what: string, json: string])[] = Object.entries({
  'a NUL': '"a\\u0000b"',
  'the first half of a surrogate pair': '"a\\ud800"',
  'the second half of a surrogate pair': '"\\udc00b"',
  'the field __proto__': '{"__proto__":{}}',
  'the field constructor': '{"constructor":{}}',
  'the field toString': '{"toString":1}',
  'too many levels': `${'['.repeat(40)}${']'.repeat(40)}`,
});

/** Longer than any string field; as an id, unknown. */
const LONG_TEXT = `"${'x'.repeat(250_000)}"`;

/** Lists that could pass for an empty object. */
const BAD_OBJECTS: Readonly<Record<string, string>> = { 'an empty list': '[]', 'a list of an empty object': '[{}]' };

interface BadFieldBody extends Pick<BadBody, 'what' | 'body'> {
  readonly status: 400 | 'any 4xx';
  /** The field that the message must name. */
  readonly field?: string;
}

/** All values that depend on the field's rules, and one of the shared ones. @param turn selects the shared value */
export function badBodiesOf({ name, isObject, bodyWith }: BodyField, turn: number): BadFieldBody[] {
  const values = [
    ...Object.entries({ ...BAD_VALUES, ...(isObject ? BAD_OBJECTS : {}) }),
    UNUSABLE_VALUES[turn % UNUSABLE_VALUES.length]!,
  ];
  return [
    ...values.map(([what, json]) => ({
      what: `${what} in ${name}`,
      body: bodyWith(json),
      status: 400 as const,
      field: name,
    })),
    { what: `a text of 250,000 characters in ${name}`, body: bodyWith(LONG_TEXT), status: 'any 4xx' },
  ];
}
