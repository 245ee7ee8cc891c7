import { describe, expect, it } from 'vitest';
import { quoteInput } from './quote-input.js';

describe('quoteInput', () => {
  it.each([
    ['tags:read', '"tags:read"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['a\r\nSet-Cookie: b\u0000', '"a\\r\\nSet-Cookie: b\\u0000"'],
    ['\ud800', '"\\ud800"'],
  ])('quotes %j so that it can’t break out of a sentence, a log line or a header', (text, quoted) => {
    expect(quoteInput(text)).toBe(quoted);
  });

  it('truncates long input', () => {
    expect(quoteInput('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(64)}…"`);
  });
});
