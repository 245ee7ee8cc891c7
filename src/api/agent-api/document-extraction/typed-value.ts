import { trimEnd } from '../../../core/validation/trim-end.ts';
import type { FieldType } from './field-wanted.dto.js';

/** A text converted to a requested type. */
export interface TypedValue {
  readonly value: string | number | boolean | readonly string[];
  /** 1 if the whole text is the value and unambiguous, less otherwise. */
  readonly fit: number;
}

/** Part of the text is not the value, such as `42 pieces` as a number. */
const PARTLY = 0.7;
/** `03/04/2026` is in March or in April. */
const AMBIGUOUS = 0.6;

/** Converts a text; undefined if it doesn't contain such a value. */
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

const DIGITS = /\d[\d.,'’ \u00a0\u202f]*/;
/** Match the end of the characters before a number. Letters need a space in between. */
const CURRENCY_BEFORE = /(?:[$€£¥₹]|kr\.?)$/;
const LETTERS_BEFORE = /\b[A-Z]{3}$/;
const CURRENCY_CHARACTERS_MAX = 4;
const UNIT_AFTER = /^(?:[$€£¥₹%]|[A-Z]{3}\b|kr\.?)/;

/** Parses `€ 1.234,50`, `$1,234.50`, `1 234,50 EUR` and `(12.00)`. */
function numberOf(text: string): TypedValue | undefined {
  const found = DIGITS.exec(text);
  if (found === null) return undefined;
  const value = Number(withPoint(found[0].replace(/['’ \u00a0\u202f]/g, '')));
  if (!Number.isFinite(value)) return undefined;
  const before = withoutCurrency(text.slice(0, found.index));
  const sign = /[-−(]$/.exec(before)?.[0];
  const after = text.slice(found.index + found[0].length).trimStart();
  const rest = after.replace(UNIT_AFTER, '').trimStart();
  const isNegative = sign === '(' ? rest.startsWith(')') : sign !== undefined;
  const isWhole = before.length === (sign?.length ?? 0) && (rest === '' || rest === ')');
  return { value: isNegative ? -value : value, fit: isWhole ? 1 : PARTLY };
}

/** Removes a currency from the text before a number, which then ends with the sign, if any. */
function withoutCurrency(before: string): string {
  const trimmed = before.trimEnd();
  const end = trimmed.slice(-CURRENCY_CHARACTERS_MAX);
  const currency = CURRENCY_BEFORE.exec(end) ?? (trimmed.length < before.length ? LETTERS_BEFORE.exec(end) : null);
  return trimmed.slice(0, trimmed.length - (currency?.[0].length ?? 0)).trimEnd();
}

/** Normalizes separators. The last one is decimal, unless it repeats or is the only one and three digits follow. */
function withPoint(digits: string): string {
  const text = trimEnd(digits, '.,');
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  if (last < 0) return text;
  const separator = text[last]!;
  const occurs = text.split(separator).length - 1;
  const hasOther = /[.,]/.test(text.replaceAll(separator, ''));
  // 1,234 and 1.234.567 are whole numbers. So is 1.234, because prices have two decimals and counts none.
  const isThousands = occurs > 1 || (!hasOther && text.length - last - 1 === 3 && !text.startsWith('0'));
  const whole = text.slice(0, last).replace(/[.,]/g, '');
  return isThousands ? text.replace(/[.,]/g, '') : `${whole}.${text.slice(last + 1)}`;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DATES: readonly RegExp[] = [
  /(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})/g,
  /(?<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?<name>[a-z]{3})[a-z]*\.?[\s,-]+(?<year>\d{4})/gi,
  /\b(?<name>[a-z]{3})[a-z]*\.?\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4})/gi,
  /(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})/g,
  /(?<one>\d{1,2})[/-](?<other>\d{1,2})[/-](?<year>\d{4})/g,
];

function dateOf(text: string): TypedValue | undefined {
  for (const pattern of DATES) {
    // Three letters between two numbers can also be another word than a month.
    const found = [...text.matchAll(pattern)].find(({ groups }) => monthOf(groups!['name']) !== 0);
    if (found === undefined) continue;
    const { year, month, day, name, one, other } = found.groups as Record<string, string>;
    const isWhole = found[0].length === text.length;
    const fit = isWhole ? 1 : PARTLY;
    if (name !== undefined) return calendarDate(year!, monthOf(name)!, Number(day), fit);
    if (one === undefined) return calendarDate(year!, Number(month), Number(day), fit);
    // Day first, unless only month first gives a valid date.
    const [first, second] = [Number(one), Number(other)];
    if (second > 12) return calendarDate(year!, first, second, fit);
    return calendarDate(year!, second, first, first > 12 || first === second ? fit : fit * AMBIGUOUS);
  }
  return undefined;
}

/** Returns 1 to 12, or 0 if the name isn't a month. */
function monthOf(name: string | undefined): number | undefined {
  return name === undefined ? undefined : MONTHS.indexOf(name.toLowerCase()) + 1;
}

function calendarDate(year: string, month: number, day: number, fit: number): TypedValue | undefined {
  const value = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const date = new Date(`${value}T00:00:00Z`);
  // `Date` rolls the 31st of a shorter month over to the next month.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) ? { value, fit } : undefined;
}

const YES = /^(yes|y|true|x|☑|☒|✓|✔|\[x\]|ja|oui|sí|si)\b|^(☑|☒|✓|✔|\[x\])/i;
const NO = /^(no|n|false|nein|non)\b|^(☐|\[\s?\])/i;

function booleanOf(text: string): TypedValue | undefined {
  const value = YES.test(text) ? true : NO.test(text) ? false : undefined;
  return value === undefined ? undefined : { value, fit: /^\S+$/.test(text) ? 1 : PARTLY };
}

function listOf(text: string): TypedValue {
  const value = text
    .split(/[,;]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  // A single item may not be meant as a list.
  return { value, fit: value.length > 1 ? 1 : PARTLY };
}
