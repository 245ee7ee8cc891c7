/** A parameter in Postgres's text format; bytes travel as they are. */
export type WireValue = string | Buffer | null;

/** Instants become ISO 8601, lists become array literals. */
export function toWireValue(value: unknown): WireValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Buffer) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return toArrayLiteral(value);
  return String(value);
}

export function toArrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(toArrayElement).join(',')}}`;
}

function toArrayElement(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return toArrayLiteral(value);
  return `"${String(toWireValue(value)).replace(/["\\]/g, '\\$&')}"`;
}
