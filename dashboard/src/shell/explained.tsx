import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';

interface Props {
  readonly why: string;
  readonly children: ReactElement;
}

/** A disabled control that says why. The default export is for lazy(). */
export default function Explained({ why, children }: Props) {
  return (
    <Tooltip label={why} events={{ hover: true, focus: true, touch: true }}>
      {children}
    </Tooltip>
  );
}
