import { useBlocker } from '@tanstack/react-router';
import { DiscardDialog } from './discard-dialog';

/** Asks before navigation or closing the window discards the changes of a form. */
export function UnsavedWork({ isDirty }: { readonly isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  return blocker.status === 'blocked' && <DiscardDialog onKeep={blocker.reset} onDiscard={blocker.proceed} />;
}
