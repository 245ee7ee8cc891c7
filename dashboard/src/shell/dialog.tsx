import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { DiscardDialog } from './discard-dialog';

interface Props extends Omit<ModalProps, 'opened'> {
  /** True: closing it asks first, because what was typed is lost. */
  readonly isDirty?: boolean;
}

/** A dialog that is open while it is mounted. Closing it gives the focus back to what opened it. */
export function Dialog({ isDirty = false, onClose, children, ...props }: Props) {
  const [isAsking, setAsking] = useState(false);
  useFocusReturn();
  return (
    <>
      <Modal
        opened
        onClose={() => (isDirty ? setAsking(true) : onClose())}
        closeOnEscape={!isAsking}
        closeButtonProps={{ 'aria-label': 'Close' }}
        {...props}
      >
        {children}
      </Modal>
      {isAsking && <DiscardDialog onKeep={() => setAsking(false)} onDiscard={onClose} />}
    </>
  );
}

/** The library returns focus only when a mounted dialog closes, and ours are unmounted. */
export function useFocusReturn(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      setTimeout(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        // A row that was removed took its button with it.
        const target = opener?.isConnected && opener !== document.body ? opener : document.getElementById('content');
        if (target instanceof HTMLElement) target.focus({ preventScroll: true });
      });
    },
    [opener],
  );
}
