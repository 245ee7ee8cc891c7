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
/** On the line below a label that ends with a colon. */
const BELOW = 0.7;
const IN_COLUMN = 0.85;
const LABEL_CHARACTERS_MAX = 60;
const COLUMNS_MIN = 2;

/** Finds each `label: value`, pair of cells and column in a text with tab-separated cells. */
export function labelledTexts(text: string): LabelledText[] {
  const rows = text.split(/\r?\n/).map((line) => line.split('\t').map((cell) => cell.trim()));
  return [
    ...rows.flatMap((cells, index) => [...inCells(cells), ...belowOf(cells, rows[index + 1])]),
    ...rows.flatMap((cells) => sideBySide(cells)),
    ...columnsOf(rows),
  ];
}

function inCells(cells: readonly string[]): LabelledText[] {
  return cells.flatMap((cell) => {
    // Excludes times and URLs, which also contain colons.
    const [, label, value] =
      /^([^:=]*?[^:=\s\d])\s*[:=]\s+(\S.*)$/.exec(cell) ?? /^([^:=]*?[^:=\s\d])[:=]([^/\s].*)$/.exec(cell) ?? [];
    return label === undefined || value === undefined ? [] : labelled(label, [value], BESIDE);
  });
}

/** Finds a label in one cell and its value in the next, such as `Total` and `12.00`. */
function sideBySide(cells: readonly string[]): LabelledText[] {
  if (cells.length === 2) return labelled(withoutColon(cells[0]!), [cells[1]!], BESIDE);
  return cells.flatMap((cell, index) => {
    const next = cells[index + 1];
    return /[:=]$/.test(cell) && next !== undefined ? labelled(withoutColon(cell), [next], BESIDE) : [];
  });
}

function belowOf(cells: readonly string[], below: readonly string[] | undefined): LabelledText[] {
  const [only] = cells;
  if (cells.length !== 1 || !only!.endsWith(':') || below?.length !== 1) return [];
  return labelled(withoutColon(only!), [below[0]!], BELOW);
}

/** Treats a row of several cells as the header of the following rows with as many cells. */
function columnsOf(rows: readonly (readonly string[])[]): LabelledText[] {
  const found: LabelledText[] = [];
  let end: number;
  for (let start = 0; start < rows.length; start = end) {
    const header = rows[start]!;
    for (end = start + 1; rows[end]?.length === header.length;) end++;
    if (header.length < COLUMNS_MIN || header.some((cell) => cell === '' || /\d|[:=]$/.test(cell))) continue;
    const body = rows.slice(start + 1, end);
    found.push(
      ...header.flatMap((label, column) => {
        const texts = body.map((row) => row[column]!);
        return labelled(label, texts, IN_COLUMN);
      }),
    );
  }
  return found;
}

function labelled(label: string, texts: readonly string[], trust: number): LabelledText[] {
  const present = texts.filter((text) => text !== '');
  return label === '' || label.length > LABEL_CHARACTERS_MAX || present.length === 0
    ? []
    : [{ label, texts: present, trust }];
}

function withoutColon(cell: string): string {
  return /[:=]$/.test(cell) ? cell.slice(0, -1).trimEnd() : cell;
}
