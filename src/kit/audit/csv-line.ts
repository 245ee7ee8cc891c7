/** Prefixes that make spreadsheets evaluate a cell: `=` `+` `-` `@`, their full-width forms, tabs and line breaks. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;

/** Makes Excel read the file as UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Returns one line of CSV (RFC 4180) with its line break. Every cell is quoted; null is an empty cell. Formulas get a
 * leading `'`, because API callers choose the names in the cells.
 */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => quoted(cell ?? '')).join(',')}\r\n`;
}

function quoted(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
