import type { FieldType } from './field-wanted.dto.js';

/** A text as the type that was asked for, and how much of it that took in. */
export interface TypedValue {
  readonly value: string | number | boolean | readonly string[];
  /** 1: all of the text is the value, and it can mean nothing else. */
  readonly fit: number;
}

/** Some of the text is not of the value: `42 pieces` as a number. */
const PARTLY = 0.7;
/** `03/04/2026` is a day in March or in April. */
const AMBIGUOUS = 0.6;

/** Undefined when the text is no such value. */
export function typedValue(text: string, type: FieldType): TypedValue | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (type) {
    case 'string':
      return { value: trimmed, fit: 1 };
    case 'number':
      return numberOf(trimmed);
    case 'date':
      return dateOf(trimmed);
    case 'boolean':
      return booleanOf(trimmed);
    case 'array':
      return listOf(trimmed);
  }
}

const CURRENCY = String.raw`(?:[$€£¥₹]|\b[A-Z]{3}\b|kr\.?)`;
const NUMBER = new RegExp(
  String.raw`(?<sign>[-−(])?\s*${CURRENCY}?\s*(?<digits>\d[\d.,'’ \u00a0\u202f]*)(?:\s*(?:${CURRENCY}|%))?(?<close>\s*\))?`,
);

/** `€ 1.234,50`, `$1,234.50`, `1 234,50 EUR`, `(12.00)`. */
function numberOf(text: string): TypedValue | undefined {
  const found = NUMBER.exec(text);
  if (found === null) return undefined;
  const { sign, digits, close } = found.groups as { sign?: string; digits: string; close?: string };
  const value = Number(withPoint(digits.replace(/['’ \u00a0\u202f]/g, '')));
  if (!Number.isFinite(value)) return undefined;
  const isNegative = sign === '(' ? close !== undefined : sign !== undefined;
  const isWhole = found[0].trim().length === text.length;
  return { value: isNegative ? -value : value, fit: isWhole ? 1 : PARTLY };
}

/** With points for thousands out of the way: the last separator is the decimal one, unless three digits follow it alone. */
function withPoint(digits: string): string {
  const text = digits.replace(/[.,]+$/, '');
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  if (last < 0) return text;
  const separator = text[last]!;
  const occurs = text.split(separator).length - 1;
  const hasOther = /[.,]/.test(text.replaceAll(separator, ''));
  // 1,234 and 1.234.567 are whole; 1.234 is too, as prices have two decimals and counts have none.
  const isThousands = occurs > 1 || (!hasOther && text.length - last - 1 === 3 && !text.startsWith('0'));
  const whole = text.slice(0, last).replace(/[.,]/g, '');
  return isThousands ? text.replace(/[.,]/g, '') : `${whole}.${text.slice(last + 1)}`;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = String.raw`(?<name>${MONTHS.join('|')})[a-z]*\.?`;
const DATES: readonly RegExp[] = [
  /(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})/,
  new RegExp(String.raw`(?<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+${MONTH}[\s,-]+(?<year>\d{4})`, 'i'),
  new RegExp(String.raw`${MONTH}\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4})`, 'i'),
  /(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})/,
  /(?<one>\d{1,2})[/-](?<other>\d{1,2})[/-](?<year>\d{4})/,
];

function dateOf(text: string): TypedValue | undefined {
  for (const pattern of DATES) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const { year, month, day, name, one, other } = found.groups as Record<string, string>;
    const isWhole = found[0].length === text.length;
    const fit = isWhole ? 1 : PARTLY;
    if (name !== undefined) return calendarDate(year!, MONTHS.indexOf(name.toLowerCase()) + 1, Number(day), fit);
    if (one === undefined) return calendarDate(year!, Number(month), Number(day), fit);
    // The day comes first, but where only the other order makes a date.
    const [first, second] = [Number(one), Number(other)];
    if (second > 12) return calendarDate(year!, first, second, fit);
    return calendarDate(year!, second, first, first > 12 || first === second ? fit : fit * AMBIGUOUS);
  }
  return undefined;
}

function calendarDate(year: string, month: number, day: number, fit: number): TypedValue | undefined {
  const value = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const date = new Date(`${value}T00:00:00Z`);
  // The 31st of a shorter month rolls over.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) ? { value, fit } : undefined;
}

const YES = /^(yes|y|true|x|☑|☒|✓|✔|\[x\]|ja|oui|sí|si)\b|^(☑|☒|✓|✔|\[x\])/i;
const NO = /^(no|n|false|nein|non)\b|^(☐|\[\s?\])/i;

function booleanOf(text: string): TypedValue | undefined {
  const value = YES.test(text) ? true : NO.test(text) ? false : undefined;
  return value === undefined ? undefined : { value, fit: /^\S+$/.test(text) ? 1 : PARTLY };
}

function listOf(text: string): TypedValue {
  const value = text.split(/\s*[,;]\s*/).filter((item) => item !== '');
  // One thing alone may be a list, or no list at all.
  return { value, fit: value.length > 1 ? 1 : PARTLY };
}
