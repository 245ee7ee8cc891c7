import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { type RowRange, visibleRows } from './visible-rows';

interface VisibleRows extends RowRange {
  /** For the element that contains the rows. */
  readonly listRef: RefObject<HTMLTableSectionElement | null>;
}

const NONE: RowRange = { first: 0, end: 0 };

/**
 * The rows of a long list near the window, for lists of equal rows that scroll with the page. A library for rows of any
 * height would be larger than the list itself, which is on the first page.
 */
export function useVisibleRows(count: number, rowHeight: number): VisibleRows {
  const listRef = useRef<HTMLTableSectionElement>(null);
  const [range, setRange] = useState(NONE);
  useLayoutEffect(() => {
    const measure = () => {
      const top = listRef.current?.getBoundingClientRect().top ?? 0;
      const next = visibleRows({ top, windowHeight: innerHeight, rowHeight, count });
      setRange((before) => (before.first === next.first && before.end === next.end ? before : next));
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [count, rowHeight]);
  return { listRef, ...range };
}
