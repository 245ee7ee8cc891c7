import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './editable.module.css';

interface Props {
  /** False makes all fields read-only. */
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

/** The fields of a form that may be read-only. */
export function Editable({ isOpen, children }: Props) {
  return (
    <fieldset disabled={!isOpen} className={classes['fields']}>
      <Stack gap="md">{children}</Stack>
    </fieldset>
  );
}
