import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';

/** Heights of a row, as in the style sheet. */
const ROW_PX = 40;
const STACKED_ROW_PX = 68;
const ROWS_OUTSIDE = 12;

/** Renders only the rows in view, so that a list of thousands stays quick. The page scrolls, not the list. */
export function useVirtualRows(count: number) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  const isStacked = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  // What stands above grows and shrinks.
  useLayoutEffect(() => {
    const measure = () => setTop((body.current?.getBoundingClientRect().top ?? 0) + scrollY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const height = isStacked ? STACKED_ROW_PX : ROW_PX;
  // oxlint-disable-next-line react/incompatible-library -- the dashboard is built without the compiler
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: ROWS_OUTSIDE,
    scrollMargin: top,
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, height]);
  const rows = virtualizer.getVirtualItems();
  const [first] = rows;
  const last = rows.at(-1);
  return {
    body,
    rows,
    before: first ? first.start - top : 0,
    after: last ? virtualizer.getTotalSize() - (last.end - top) : 0,
    /** The index of the last rendered row. */
    end: last?.index ?? -1,
  };
}
