export const OPERATORS = ['eq', 'ne', 'gt', 'lt', 'contains', 'exists'] as const;
export type Operator = (typeof OPERATORS)[number];

/** Both sides are any JSON and can contain references. `exists` uses only `left`. */
export interface Condition {
  readonly operator: Operator;
  readonly left: unknown;
  readonly right?: unknown;
}

/** Evaluates a condition with resolved references. Never throws: `gt` and `lt` of incomparable values are false. */
export function isMet({ operator, left, right }: Condition): boolean {
  switch (operator) {
    case 'eq':
      return isSame(left, right);
    case 'ne':
      return !isSame(left, right);
    case 'gt':
      return (compare(left, right) ?? 0) > 0;
    case 'lt':
      return (compare(left, right) ?? 0) < 0;
    case 'contains':
      return contains(left, right);
    case 'exists':
      return left !== null && left !== undefined;
  }
}

/** 5 equals "5", because form fields are text. Lists and objects are compared as JSON. */
function isSame(left: unknown, right: unknown): boolean {
  if (isScalar(left) && isScalar(right)) return String(left) === String(right);
  return canonical(left) === canonical(right);
}

/** Compares numbers and numeric text by value, other text by code units, which orders ISO 8601 timestamps. */
function compare(left: unknown, right: unknown): number | undefined {
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one !== undefined && other !== undefined) return one - other;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Text contains substrings, lists contain entries, objects contain names. */
function contains(left: unknown, right: unknown): boolean {
  if (Array.isArray(left)) {
    if (isScalar(right)) return left.some((entry) => isSame(entry, right));
    const wanted = canonical(right);
    return left.some((entry) => canonical(entry) === wanted);
  }
  if (!isScalar(right)) return false;
  if (typeof left === 'string') return left.includes(String(right));
  return typeof left === 'object' && left !== null && Object.hasOwn(left, String(right));
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** JSON with sorted object keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
