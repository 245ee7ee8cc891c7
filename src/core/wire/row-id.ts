const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID of any version, in either case. Other texts are unknown ids and must not reach a query. */
export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text);
}

/** No row has it: the nil UUID of RFC 9562. */
const NO_ROW = '00000000-0000-0000-0000-000000000000';

/** The id of a row, as Postgres writes it. A text that is no UUID becomes one that no row has. */
export function rowId(text: string): string {
  return isUuid(text) ? text.toLowerCase() : NO_ROW;
}
