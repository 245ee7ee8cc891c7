import { lazy, Suspense, useState } from 'react';
import type { KeySummary } from '../api/wire';
import type { Floating, RowDialog } from './floating';

const RowMenu = lazy(() => import('./row-menu'));
const ScopesPopover = lazy(() => import('./scopes-popover'));
const RotateDialog = lazy(async () => ({ default: (await import('../key/rotate-dialog')).RotateDialog }));
const SuspendDialog = lazy(async () => ({ default: (await import('../key/suspend-dialog')).SuspendDialog }));
const ResumeDialog = lazy(async () => ({ default: (await import('../key/resume-dialog')).ResumeDialog }));
const RevokeDialog = lazy(async () => ({ default: (await import('../key/revoke-dialog')).RevokeDialog }));
const DIALOGS = {
  rotate: RotateDialog,
  suspend: SuspendDialog,
  resume: ResumeDialog,
  revoke: RevokeDialog,
} satisfies Record<RowDialog, unknown>;

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
