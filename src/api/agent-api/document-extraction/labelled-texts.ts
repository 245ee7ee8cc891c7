/** Something that a document says under a label. */
export interface LabelledText {
  readonly label: string;
  /** Several where the label is a column's header. */
  readonly texts: readonly string[];
  /** How sure it is that the two belong together. */
  readonly trust: number;
}

/** In one line, or in cells side by side. */
const BESIDE = 1;
/** In the line below a label that ends with a colon. */
const BELOW = 0.7;
/** In the rows below a header. */
const IN_COLUMN = 0.85;
const LABEL_CHARACTERS_MAX = 60;
const COLUMNS_MIN = 2;

/** Every `label: value`, every pair of cells and every column of a text whose cells are separated by tabs. */
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
    // The time of day has colons too, and a URL.
    const [, label, value] =
      /^([^:=]*?[^:=\s\d])\s*[:=]\s+(\S.*)$/.exec(cell) ?? /^([^:=]*?[^:=\s\d])[:=]([^/\s].*)$/.exec(cell) ?? [];
    return label === undefined || value === undefined ? [] : labelled(label, [value], BESIDE);
  });
}

/** `Total` in one cell, `12.00` in the next; with or without a colon. */
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

/** A row of several cells is a header for the rows of as many cells that follow it. */
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
  const said = texts.filter((text) => text !== '');
  return label === '' || label.length > LABEL_CHARACTERS_MAX || said.length === 0
    ? []
    : [{ label, texts: said, trust }];
}

function withoutColon(cell: string): string {
  return /[:=]$/.test(cell) ? cell.slice(0, -1).trimEnd() : cell;
}
