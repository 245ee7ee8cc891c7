type Line = readonly [name: string, value: string];

export interface BadHeaders {
  readonly what: string;
  readonly lines: readonly Line[];
  /** The required status; by default any but 5xx. */
  readonly status?: number;
}

/**
 * Header lines to add to a valid request.
 * @param own the lines of the request's credential, which must not be accepted when repeated
 */
export function badHeadersFor(own: readonly Line[]): BadHeaders[] {
  const has = (name: string) => own.some(([each]) => each === name);
  const again = (name: string) => own.filter(([each]) => each === name);
  const unlessSilent = (name: string) => (has(name) ? 401 : undefined);
  return [
    { what: 'a header of 64 KiB', lines: [['X-Long', 'x'.repeat(65_536)]], status: 431 },
    { what: 'a name of 64 KiB', lines: [['x'.repeat(65_536), '1']], status: 431 },
    { what: 'the same Authorization', lines: again('Authorization'), status: unlessSilent('Authorization') },
    { what: 'another Authorization', lines: [['Authorization', 'Basic eDp5']], status: unlessSilent('Authorization') },
    { what: 'the same X-API-Key', lines: again('X-API-Key'), status: unlessSilent('X-API-Key') },
    { what: 'another X-API-Secret', lines: [['X-API-Secret', 'x']], status: unlessSilent('X-API-Key') },
    { what: 'the same Cookie', lines: again('Cookie'), status: unlessSilent('Cookie') },
    { what: 'an odd Cookie', lines: [['Cookie', 'a=b; ;=;;']] },
    { what: 'two Host', lines: [['Host', 'other.test']], status: 400 },
    { what: 'two Content-Length', lines: twice('Content-Length', '1'), status: 400 },
    {
      what: 'a length and chunks',
      lines: [
        ['Content-Length', '1'],
        ['Transfer-Encoding', 'chunked'],
      ],
      status: 400,
    },
    { what: 'two X-Request-Id', lines: twice('X-Request-Id', 'a') },
    { what: 'two Origin', lines: twice('Origin', 'http://gatehouse.test') },
    { what: 'two X-Forwarded-For', lines: twice('X-Forwarded-For', '203.0.113.7') },
    {
      what: 'bytes past ASCII',
      lines: ['X-Request-Id', 'X-Forwarded-For', 'Origin', 'Referer'].map((name) => [name, '\xff\xfe']),
    },
    { what: 'an Idempotency-Key of 5,000', lines: [['Idempotency-Key', 'x'.repeat(5_000)]] },
    { what: 'two Idempotency-Key', lines: twice('Idempotency-Key', 'a') },
  ];
}

function twice(name: string, value: string): Line[] {
  return [
    [name, value],
    [name, value],
  ];
}
