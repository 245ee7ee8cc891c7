/** A key of an export. */
export interface ExportedKey {
  /** What the export calls it, for the report. */
  readonly source: string;
  /** The token itself, where the product keeps it. Only its hash leaves the command. */
  readonly token?: string;
  /** Fields of an `ImportedKeyDto`. */
  readonly row: Readonly<Record<string, unknown>>;
  /** What it may do there. Undefined: the export doesn't say. */
  readonly permissions?: readonly string[];
  /** Settings without a counterpart here, such as `credits`. */
  readonly lost: readonly string[];
}

/** A record of an export: a row of a table, or an object of a list. */
export type ExportRecord = Readonly<Record<string, unknown>>;

const PAIR_NAME_CHARACTERS_MAX = 40;
const VALUE_CHARACTERS_MAX = 500;
const PAIRS_MAX = 50;

/** A text, or a number as text; undefined for anything else and for an empty text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A boolean as JSON, SQL and CSV write it; undefined for anything else. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.toLowerCase();
  if (text === '1' || text === 'true' || text === 't') return true;
  return text === '0' || text === 'false' || text === 'f' ? false : undefined;
}

export function numberOf(value: unknown): number | undefined {
  const text = textOf(value);
  const number = text === undefined ? NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** An instant as ISO 8601, from milliseconds, or from a date of SQL or JSON. What can't be read stays, to be refused. */
export function instantOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const milliseconds = numberOf(text);
  // SQL separates the time by a blank, and writes no zone where it is UTC.
  const iso = text.replace(' ', 'T');
  const hasZone = /(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(iso.slice(10));
  const date = new Date(milliseconds ?? (hasZone ? iso : `${iso}Z`));
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}

/** A value of JSON, which tables keep as text. */
export function jsonOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const parsed = JSON.parse(value) as unknown;
    // Some products wrote it twice.
    return typeof parsed === 'string' ? jsonOf(parsed) : parsed;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is ExportRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.flatMap((each) => textOf(each) ?? []) : undefined;
}

/** Facts of another product as the metadata of a key. Nested values become JSON. */
export function metadataOf(facts: ExportRecord, lost: string[]): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === '') continue;
    const key = name.replace(/[^A-Za-z0-9_.-]/g, '_').replace(/^[^A-Za-z0-9]+/, '');
    const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s/g, ' ');
    if (
      key === '' ||
      key.length > PAIR_NAME_CHARACTERS_MAX ||
      text.length > VALUE_CHARACTERS_MAX ||
      pairs.size >= PAIRS_MAX
    ) {
      lost.push('metadata');
    } else pairs.set(key, text);
  }
  return Object.fromEntries(pairs);
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A limit of requests per window, as far as there is such a window here. */
export function rateLimitOf(requests: number | undefined, windowMs: number | undefined, lost: string[]) {
  if (requests === undefined || windowMs === undefined || requests <= 0 || windowMs <= 0) return undefined;
  if (windowMs > HOUR_MS) {
    lost.push('rate limits of more than an hour');
    return undefined;
  }
  if (windowMs > MINUTE_MS) return { per_hour: Math.ceil((requests * HOUR_MS) / windowMs) };
  return { per_minute: Math.ceil((requests * MINUTE_MS) / windowMs) };
}
