import type { ComponentProps } from 'react';
import classes from './progress-bar.module.css';

export function ProgressBar(props: Pick<ComponentProps<'progress'>, 'max' | 'value' | 'aria-label'>) {
  return <progress className={classes['bar']} {...props} />;
}
