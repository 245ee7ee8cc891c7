import { typedValue } from './typed-value.ts';
import { isLabel, isSummary } from './usual-labels.ts';
import { wordsOf } from './words-of.ts';

/** A label of a document with its values. */
export interface LabelledText {
  readonly label: string;
  /** Several if the label is a column header. */
  readonly texts: readonly string[];
  /** From 0 to 1: how likely the texts belong to the label. */
  readonly trust: number;
}

/** On one line, or in adjacent cells. */
const BESIDE = 1;
/** After the label in one cell, with nothing between them: `IBAN CH93 0076 …`. */
const AFTER = 0.8;
/** On the line below a label that ends with a colon. */
const BELOW = 0.7;
/** On the line below a heading without a colon. */
const BELOW_HEADING = 0.6;
const IN_COLUMN = 0.85;
const LABEL_CHARACTERS_MAX = 60;
const COLUMNS_MIN = 2;
/** Below a total, a row with fewer filled cells belongs to the totals, such as the shipping costs. */
const ITEM_CELLS_MIN = 3;

/**
 * Finds each `label: value`, pair of cells and column of a text. Tabs, pipes and gaps separate cells.
 * @param wanted the caller's names for labels. They are labels without a colon too
 */
export function labelledTexts(text: string, wanted: ReadonlySet<string>): LabelledText[] {
  const rows = text.split(/\r?\n/).filter(isNoRule).map(cellsOf);
  return [
    ...rows.flatMap((cells, index) => [...inCells(cells, wanted), ...belowOf(cells, rows[index + 1], wanted)]),
    ...rows.flatMap((cells) => sideBySide(cells, wanted)),
    ...columnsOf(rows, wanted),
  ];
}

/** False for a line that is drawn between rows. */
function isNoRule(line: string): boolean {
  return !(/^[-=_+|:\s]+$/.test(line) && /[-=_]/.test(line));
}

function cellsOf(line: string): string[] {
  const row = line.trim();
  const cells = line.includes('\t')
    ? line.split('\t')
    : / \| |^\|/.test(row)
      ? row.replace(/^\||\|$/g, '').split('|')
      : row.split(/ {2,}|[·•]/);
  return cells.map((cell) => cell.trim());
}

function inCells(cells: readonly string[], wanted: ReadonlySet<string>): LabelledText[] {
  return cells.flatMap((cell) => {
    const [label, value] = pairIn(cell) ?? [];
    if (label !== undefined && value !== undefined) return labelled(label, [value], BESIDE);
    return inWords(cell, wanted);
  });
}

/** Splits `label: value`. Excludes times and URLs, which also contain colons. */
function pairIn(cell: string): readonly string[] | undefined {
  const found = /^([^:=]*?[^:=\s\d])\s*[:=]\s+(\S.*)$/.exec(cell) ?? /^([^:=]*?[^:=\s\d])[:=]([^/\s].*)$/.exec(cell);
  return found?.slice(1);
}

/** Finds a code, an amount or a date right after a wanted label: `IBAN CH93 0076 …`, `Invoice #1042`. */
function inWords(cell: string, wanted: ReadonlySet<string>): LabelledText[] {
  const words = cell.replace('#', '# ').split(/\s+/);
  const start = words.findIndex((word) => /[\d$€£¥₹]/.test(word));
  const label = words.slice(0, Math.max(start, 0)).join(' ');
  const value = words.slice(start).join(' ');
  if (!isWanted(label, wanted)) return [];
  // A value with lower-case letters may be the rest of a sentence.
  const isValue = !/\p{Ll}/u.test(value) || typedValue(value, 'date')?.fit === 1;
  return isValue ? labelled(label, [value], AFTER) : [];
}

/** Finds a label in one cell and its value in the next filled one, such as `Total`, an empty cell and `12.00`. */
function sideBySide(cells: readonly string[], wanted: ReadonlySet<string>): LabelledText[] {
  const filled = cells.filter((cell) => cell !== '');
  return filled.flatMap((cell, index) => {
    const next = filled[index + 1];
    const isPair = filled.length === 2 || /[:=]$/.test(cell);
    if (!isPair || next === undefined || isLabel(pairIn(next)?.[0] ?? next, wanted)) return [];
    return labelled(withoutColon(cell), [next], BESIDE);
  });
}

/** Finds a label and its value on the next line. A wanted label needs no colon, as in the heading `Bill to`. */
function belowOf(
  cells: readonly string[],
  below: readonly string[] | undefined,
  wanted: ReadonlySet<string>,
): LabelledText[] {
  return cells.flatMap((cell, column) => {
    // A line can have more cells than the next one, which then starts in the first column.
    const value = column === 0 || below?.length === cells.length ? below?.[column] : undefined;
    if (value === undefined || isLabel(pairIn(value)?.[0] ?? value, wanted)) return [];
    if (cell.endsWith(':') && cells.length === 1) return labelled(withoutColon(cell), [value], BELOW);
    return isWanted(cell, wanted) ? labelled(withoutColon(cell), [value], BELOW_HEADING) : [];
  });
}

/** Treats a row of several cells as the header of the following rows with as many cells. Totals end the column. */
function columnsOf(rows: readonly (readonly string[])[], wanted: ReadonlySet<string>): LabelledText[] {
  const found: LabelledText[] = [];
  const isHeader = (row: readonly string[]) => row.every((cell) => isLabel(cell, wanted));
  let end: number;
  for (let start = 0; start < rows.length; start = end) {
    const header = rows[start]!;
    for (end = start + 1; rows[end]?.length === header.length && !isHeader(rows[end]!);) end++;
    if (header.length < COLUMNS_MIN || header.some((cell) => cell === '' || /\d|[:=]$/.test(cell))) continue;
    const body = itemsOf(rows.slice(start + 1, end));
    found.push(
      ...header.flatMap((label, column) => {
        const texts = body.map((row) => row[column]!);
        return labelled(label, texts, IN_COLUMN);
      }),
    );
  }
  return found;
}

function itemsOf(rows: readonly (readonly string[])[]): (readonly string[])[] {
  let isBelowTotal = false;
  return rows.filter((row) => {
    const filled = row.filter((cell) => cell !== '');
    const isTotal = isSummary(filled[0] ?? '');
    isBelowTotal ||= isTotal;
    return !isTotal && (!isBelowTotal || filled.length >= ITEM_CELLS_MIN);
  });
}

function labelled(label: string, texts: readonly string[], trust: number): LabelledText[] {
  const present = texts.filter((text) => text !== '');
  return label === '' || label.length > LABEL_CHARACTERS_MAX || present.length === 0
    ? []
    : [{ label, texts: present, trust }];
}

function isWanted(label: string, wanted: ReadonlySet<string>): boolean {
  return label.length <= LABEL_CHARACTERS_MAX && wanted.has(wordsOf(label).join(' '));
}

function withoutColon(cell: string): string {
  return /[:=]$/.test(cell) ? cell.slice(0, -1).trimEnd() : cell;
}
