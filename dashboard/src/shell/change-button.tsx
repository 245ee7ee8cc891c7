import { Button, type ButtonProps } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { useMayChange } from '../api/session';

const Explained = lazy(() => import('./explained'));

interface Props extends ButtonProps {
  readonly children: ReactNode;
  readonly onClick?: () => void;
}

/** A button for changes. For a Member it is focusable, disabled and explains why. */
export function ChangeButton({ onClick, ...props }: Props) {
  if (useMayChange()) return <Button {...props} onClick={onClick} />;
  const button = <Button {...props} data-disabled aria-disabled />;
  return (
    <Suspense fallback={button}>
      <Explained why="Only Owners and Admins can do this.">{button}</Explained>
    </Suspense>
  );
}
