import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { DiscardDialog } from './discard-dialog';

interface Props extends Omit<ModalProps, 'opened'> {
  /** Whether closing asks for confirmation, because it discards input. */
  readonly isDirty?: boolean;
}

/** A dialog that is open while mounted. Closing it returns the focus to its opener. */
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

/** The library returns the focus only for dialogs that stay mounted. */
export function useFocusReturn(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      setTimeout(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        // The opener may be in a removed row.
        const target = opener?.isConnected && opener !== document.body ? opener : document.getElementById('content');
        if (target instanceof HTMLElement) target.focus({ preventScroll: true });
      });
    },
    [opener],
  );
}
