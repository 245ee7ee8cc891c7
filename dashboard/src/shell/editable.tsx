import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './editable.module.css';

interface Props {
  /** False: everything in it is shown, and nothing can be changed. */
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

/** The fields of a form that may be only for looking. */
export function Editable({ isOpen, children }: Props) {
  return (
    <fieldset disabled={!isOpen} className={classes['fields']}>
      <Stack gap="md">{children}</Stack>
    </fieldset>
  );
}
