import type { KeySummary } from '../api/wire';

/** The dialogs that the menu opens. */
export type RowDialog = 'rotate' | 'suspend' | 'resume' | 'revoke';

export type FloatingKind = 'menu' | 'scopes';

/** The menu or popover that is open at a row. */
export interface Floating {
  readonly kind: FloatingKind;
  readonly shown: KeySummary;
  readonly anchor: HTMLElement;
}

/** The id that the library expects of the target of a menu or popover with `floatingName`. */
export function floatingId(kind: FloatingKind, id: string): string {
  return `${floatingName(kind, id)}-target`;
}

export function floatingName(kind: FloatingKind, id: string): string {
  return `key-${kind}-${id}`;
}
