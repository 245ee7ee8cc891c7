import { useBlocker } from '@tanstack/react-router';
import { DiscardDialog } from './discard-dialog';

/** Asks before a form's changes are lost to another page or tab, or to closing the window. */
export function UnsavedWork({ isDirty }: { readonly isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  return blocker.status === 'blocked' && <DiscardDialog onKeep={blocker.reset} onDiscard={blocker.proceed} />;
}
