interface BadForm {
  readonly what: string;
  readonly contentType: string;
  readonly body: Buffer | string;
}

const FORM = 'multipart/form-data; boundary=x';
const FILE =
  'Content-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n';
const field = (name: string, value: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const form = (...parts: string[]) => `${parts.map((part) => `--x\r\n${part}`).join('')}--x--\r\n`;

const BODIES: Readonly<Record<string, Buffer | string>> = {
  nothing: '',
  'no part': form(),
  nonsense: 'nonsense',
  'a part that never ends': `--x\r\n${FILE}`,
  'no header': form('hello\r\n'),
  'a part without a name': form('Content-Disposition: form-data\r\n\r\nhello\r\n'),
  'no file': form(field('label', 'a')),
  'a file as a field of another name': form(FILE.replace('name="file"', 'name="document"')),
  'two files': form(FILE, FILE),
  'an unknown field': form(FILE, field('no_such_field', 'a')),
  'the field __proto__': form(FILE, field('__proto__', '{"isAdmin":true}')),
  'the field constructor': form(FILE, field('constructor', 'a')),
  'a field twice': form(FILE, field('label', 'a'), field('label', 'b'), field('schema', '[]'), field('schema', '[]')),
  'too many fields': form(FILE, ...Array.from({ length: 100 }, (_, index) => field(`f${index}`, 'a'))),
  'a NUL in a field': form(FILE, field('label', 'a\0b'), field('schema', '["a\\u0000b"]')),
  'JSON that is too deep': form(FILE, field('schema', '['.repeat(10_000)), field('label', '')),
  'a field of 500,000 characters': form(
    FILE,
    field('label', 'x'.repeat(500_000)),
    field('schema', 'x'.repeat(500_000)),
  ),
  'a header of 50,000 characters': form(`X-Long: ${'x'.repeat(50_000)}\r\n${FILE}`, field('no_such_field', 'a')),
  'an empty file': form(FILE.replace('hello', ''), field('schema', '[{"key":"a","type":"string"}]')),
  'bytes that are no text': Buffer.concat([
    Buffer.from(`--x\r\n${FILE.replace('hello', '')}`.slice(0, -2)),
    Buffer.from([0xff, 0xfe, 0x00]),
    Buffer.from(`\r\n--x\r\n${field('schema', '[{"key":"a","type":"string"}]')}--x--\r\n`),
  ]),
};

/** Invalid for every route with a form, whatever its fields. */
export const BAD_FORMS: readonly BadForm[] = [
  ...Object.entries(BODIES).map(([what, body]) => ({ what, contentType: FORM, body })),
  ...[
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/mixed; boundary=x',
    'application/json',
    'text/plain',
  ].map((contentType) => ({ what: `Content-Type ${contentType}`, contentType, body: form(FILE) })),
];
