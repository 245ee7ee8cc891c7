import { lazy, Suspense, useState } from 'react';
import type { KeySummary } from '../api/wire';

const RowMenu = lazy(() => import('./row-menu'));
const ScopesPopover = lazy(() => import('./scopes-popover'));
const RotateDialog = lazy(async () => ({ default: (await import('../key/rotate-dialog')).RotateDialog }));
const SuspendDialog = lazy(async () => ({ default: (await import('../key/suspend-dialog')).SuspendDialog }));
const ResumeDialog = lazy(async () => ({ default: (await import('../key/resume-dialog')).ResumeDialog }));
const RevokeDialog = lazy(async () => ({ default: (await import('../key/revoke-dialog')).RevokeDialog }));
const DIALOGS = { rotate: RotateDialog, suspend: SuspendDialog, resume: ResumeDialog, revoke: RevokeDialog };

export type RowDialog = keyof typeof DIALOGS;

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

interface Props {
  readonly open: Floating | undefined;
  readonly onClose: () => void;
}

/** One menu and one popover for all rows, and the dialogs of the menu. */
export function RowFloating({ open, onClose }: Props) {
  const [dialog, setDialog] = useState<{ readonly of: RowDialog; readonly shown: KeySummary }>();
  const ShownDialog = dialog && DIALOGS[dialog.of];
  return (
    <Suspense>
      {open?.kind === 'menu' && (
        <RowMenu
          key={open.shown.id}
          {...open}
          onClose={onClose}
          onPick={(of) => {
            setDialog({ of, shown: open.shown });
            onClose();
          }}
        />
      )}
      {open?.kind === 'scopes' && <ScopesPopover key={open.shown.id} {...open} onClose={onClose} />}
      {ShownDialog && <ShownDialog shown={dialog.shown} onClose={() => setDialog(undefined)} />}
    </Suspense>
  );
}
