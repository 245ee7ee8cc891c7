/** A literal this short, without an exponent, has at most 15 significant digits, which a double holds exactly. */
const SHORT = 15;
/** Enough digits to tell any two doubles apart. */
const DIGITS_MAX = 17;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/**
 * True if JavaScript keeps the value of a JSON number. An integer must keep all digits, because it may be an id. A
 * fraction must be the same double at its written precision, as in C's `%.17g`: 0.10000000000000001.
 * @param literal of a JSON number; anything else counts as exact and is left to the parser
 */
export function isExactNumber(literal: string): boolean {
  if (literal.length <= SHORT && !/e/i.test(literal)) return true;
  const written = decimalOf(literal);
  if (written === undefined) return true;
  const value = Number(literal);
  if (written.digits === '') return true;
  if (isSame(written, decimalOf(String(value)))) return true;
  const precision = written.digits.length;
  return written.exponent < 0 && precision <= DIGITS_MAX && isSame(written, decimalOf(value.toPrecision(precision)));
}

/** A number without its sign: digits × 10^exponent. The digits have no leading or trailing zeros. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

function decimalOf(literal: string): Decimal | undefined {
  const match = NUMBER.exec(literal);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const all = whole + fraction;
  let end = all.length;
  while (all[end - 1] === '0') end--;
  let start = 0;
  while (start < end && all[start] === '0') start++;
  return { digits: all.slice(start, end), exponent: Number(exponent) - fraction.length + all.length - end };
}

function isSame(one: Decimal, other: Decimal | undefined): boolean {
  return one.digits === other?.digits && one.exponent === other.exponent;
}

/** Replaces a number that JavaScript would change. */
export class InexactNumber {
  constructor(readonly literal: string) {}
}

/** A reviver for JSON.parse that replaces each number that JavaScript would change. */
export function reviveInexact(replace: (literal: string) => unknown) {
  // TypeScript doesn't have the third parameter yet.
  return (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined && !isExactNumber(context.source)
      ? replace(context.source)
      : value;
}

const MAY_BE_INEXACT = /[\d.]{15}|\de/i;
const longIntegersAsText = reviveInexact((literal) => (/^-?\d+$/.test(literal) ? literal : Number(literal)));

/**
 * Parses JSON of third parties. An integer that JavaScript would change becomes a string, so that a 64-bit id stays as it
 * is; a fraction is rounded. @throws SyntaxError
 */
export function parseForeignJson(text: string): unknown {
  // Parsing with a reviver is several times slower, and few texts need it.
  return JSON.parse(text, MAY_BE_INEXACT.test(text) ? longIntegersAsText : undefined);
}

const [DASH, ZERO, NINE] = [0x2d, 0x30, 0x39];

/** True if a JSON number can start with this byte. */
export function startsNumber(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || byte === DASH;
}

/** The index after the number that starts at `start`. */
export function endOfNumber(bytes: Buffer, start: number): number {
  let end = start + 1;
  while (end < bytes.length && isNumberByte(bytes[end]!)) end++;
  return end;
}

function isNumberByte(byte: number): boolean {
  return startsNumber(byte) || byte === 0x2e || byte === 0x2b || (byte | 0x20) === 0x65;
}

const EXPONENT = 0x65;

/** True if the literal is short and has no exponent. Avoids making a string. */
export function isShortNumber(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > SHORT) return false;
  for (let at = start; at < end; at++) if ((bytes[at]! | 0x20) === EXPONENT) return false;
  return true;
}
