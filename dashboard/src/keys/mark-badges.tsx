import type { KeyMark } from './key-marks';
import classes from './mark-badges.module.css';

interface Props {
  readonly marks: readonly KeyMark[];
  /** The others are a number with their names in its tooltip. */
  readonly shownMax?: number;
}

export function MarkBadges({ marks, shownMax = marks.length }: Props) {
  const more = marks.slice(shownMax);
  return (
    <>
      {marks.slice(0, shownMax).map(({ label, color, hint }) => (
        <span key={label} className={`${classes['mark']} ${classes[color]}`} title={hint}>
          {label}
        </span>
      ))}
      {more.length > 0 && (
        <span className={classes['more']} title={more.map(({ label }) => label).join('\n')}>
          <span aria-hidden>+{more.length}</span>
          <span className="visually-hidden">{more.map(({ label }) => label).join(', ')}</span>
        </span>
      )}
    </>
  );
}
