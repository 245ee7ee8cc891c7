import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMayChange } from '../api/session';

interface Props extends ButtonProps {
  readonly children: ReactNode;
  readonly onClick?: () => void;
}

/** A button for changes. For a Member it is focusable, disabled and explains why. */
export function ChangeButton({ onClick, ...props }: Props) {
  const mayChange = useMayChange();
  return (
    <Tooltip
      label="Only Owners and Admins can do this."
      disabled={mayChange}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button {...props} {...(mayChange ? { onClick } : { 'data-disabled': true, 'aria-disabled': true })} />
    </Tooltip>
  );
}
