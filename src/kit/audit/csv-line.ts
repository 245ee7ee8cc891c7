/** What a spreadsheet may run: `=` `+` `-` `@`, their full-width forms, and a tab or the end of a line before them. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;

/** Begins a file in UTF-8 that Excel shall not read in the system's own character set. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * One line of CSV (RFC 4180), its end included, every cell quoted; null is an empty cell. A text that a spreadsheet
 * would take for a formula gets a `'` in front: callers choose the names in it.
 */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => quoted(cell ?? '')).join(',')}\r\n`;
}

function quoted(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
