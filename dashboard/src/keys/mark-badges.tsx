import { Badge } from '@mantine/core';
import classes from './mark-badges.module.css';
import type { KeyMark } from './key-marks';

export function MarkBadges({ marks }: { readonly marks: readonly KeyMark[] }) {
  return marks.map(({ label, color, hint }) => (
    <Badge key={label} className={classes[color]!} variant="default" size="sm" title={hint}>
      {label}
    </Badge>
  ));
}
