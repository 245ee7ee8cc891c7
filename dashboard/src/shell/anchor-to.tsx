import { type RefCallback, useLayoutEffect } from 'react';

interface Props {
  /** The element that a menu or popover opens at. */
  readonly element: HTMLElement;
  readonly ref?: RefCallback<HTMLElement>;
}

/** The target of one menu for many buttons: a menu for each row of a table would slow down scrolling. */
export function AnchorTo({ element, ref }: Props) {
  useLayoutEffect(() => {
    ref?.(element);
  }, [element, ref]);
  return null;
}
