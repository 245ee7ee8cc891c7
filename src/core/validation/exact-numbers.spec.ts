import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExactNumber, parseForeignJson } from './exact-numbers.js';

describe('isExactNumber', () => {
  it.each(
    [
      '0',
      '-0',
      '0.0',
      '0e999',
      '-0.0e-999',
      '1',
      '-1.50',
      '1e3',
      '1E+3',
      '1e21',
      '1e308',
      '5e-324',
      '1.7976931348623157e308',
    ].concat(
      ['9007199254740991', '9007199254740992', '9007199254740994', '100000000000000000000', '1152921504606847000'],
      ['0.1', '0.30000000000000004', '0.10000000000000001', '1.10000000000000000000', '123456789.12345678', '1e-7'],
    ),
  )('takes %s', (literal) => {
    expect(isExactNumber(literal)).toBe(true);
  });

  it.each(
    ['9007199254740993', '-9007199254740993', '8202522731445525542', '9007199254740993.0', '9007199254740993e0'].concat(
      // 2^60 is a double, but JavaScript writes it as another integer.
      ['1152921504606846976', '1e400', '-1e400', '1e-400', '2e308', '90071992547409930e-1', '9.007199254740993e15'],
      ['0.1234567890123456789', '1.00000000000000001', '100000000000000000.5', '0.12345678901234563'],
    ),
  )('refuses %s', (literal) => {
    expect(isExactNumber(literal)).toBe(false);
  });

  it('accepts every double as JavaScript, C and Python write it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(isExactNumber(String(value))).toBe(true);
        if (!Number.isInteger(value)) expect(isExactNumber(value.toPrecision(17))).toBe(true);
      }),
    );
  });

  it('accepts an integer only if it is unchanged after parsing and printing', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (value) => {
        const comesBack = BigInt(JSON.stringify(Number(value))) === value;
        expect(isExactNumber(String(value))).toBe(comesBack);
      }),
    );
  });

  it('validates a megabyte of digits in linear time', () => {
    expect(isExactNumber('9'.repeat(1_000_000))).toBe(false);
    expect(isExactNumber(`1${'0'.repeat(1_000_000)}`)).toBe(false);
    expect(isExactNumber(`0.${'0'.repeat(1_000_000)}1`)).toBe(false);
  });
});

describe('parseForeignJson', () => {
  it('returns only integers that JavaScript would change as text', () => {
    const text =
      '{"id":8202522731445525542,"list":[-9007199254740993,9007199254740991],"at":0.12345678901234567891,"s":"1e400"}';
    expect(parseForeignJson(text)).toEqual({
      id: '8202522731445525542',
      list: ['-9007199254740993', 9007199254740991],
      at: 0.12345678901234568,
      s: '1e400',
    });
  });
});
