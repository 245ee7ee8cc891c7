import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from 'react';

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

interface ArrowKeys {
  readonly gridRef: RefObject<HTMLTableElement | null>;
  readonly onKeyDown: (event: KeyboardEvent<HTMLTableElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLTableElement>) => void;
}

/** Makes a table of checkboxes one stop of the Tab key; the arrow keys move within it (ARIA grid pattern). */
export function useArrowKeys(): ArrowKeys {
  const gridRef = useRef<HTMLTableElement>(null);
  useLayoutEffect(() => {
    // The search hides rows, so a visible row must keep the tab stop.
    const boxes = boxesOf(gridRef.current);
    const stop = boxes.find(({ dataset }) => dataset['stop'] !== undefined) ?? boxes.find(isInBody) ?? boxes[0];
    if (stop) moveStop(gridRef.current, stop);
  });
  return {
    gridRef,
    onFocus: ({ target }) => {
      if (target instanceof HTMLInputElement) moveStop(gridRef.current, target);
    },
    onKeyDown: (event) => {
      const step = STEPS[event.key];
      if (step === undefined || !(event.target instanceof HTMLInputElement)) return;
      event.preventDefault();
      neighbourOf(event.target, step)?.focus();
    },
  };
}

function boxesOf(grid: ParentNode | null): HTMLInputElement[] {
  return [...(grid?.querySelectorAll<HTMLInputElement>('input[type="checkbox"]:enabled') ?? [])];
}

function isInBody(box: HTMLInputElement): boolean {
  return box.closest('tbody') !== null;
}

function moveStop(grid: ParentNode | null, stop: HTMLInputElement): void {
  for (const box of boxesOf(grid)) {
    box.tabIndex = box === stop ? 0 : -1;
    if (box === stop) box.dataset['stop'] = '';
    else delete box.dataset['stop'];
  }
}

/** The next checkbox in that direction: of the row, or of the same column in the next row that has one. */
function neighbourOf(box: HTMLInputElement, [down, right]: readonly [number, number]): HTMLInputElement | undefined {
  const row = box.closest('tr')!;
  if (right !== 0) {
    const boxes = boxesOf(row);
    return boxes[boxes.indexOf(box) + right];
  }
  const cell = box.closest('td, th') as HTMLTableCellElement;
  const place = boxesOf(cell).indexOf(box);
  const rows = [...box.closest('table')!.rows];
  for (let at = rows.indexOf(row) + down; rows[at]?.cells[cell.cellIndex] !== undefined; at += down) {
    const boxes = boxesOf(rows[at]!.cells[cell.cellIndex]!);
    const found = boxes[Math.min(place, boxes.length - 1)];
    if (found) return found;
  }
  return undefined;
}
