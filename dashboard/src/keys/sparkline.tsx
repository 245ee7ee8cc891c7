import type { UsageDay } from '../api/wire';
import { counted } from '../text/numbers';
import classes from './sparkline.module.css';
import { barsOf } from './sparkline-bars';

const DAYS = 30;
const NO_DAYS: readonly UsageDay[] = Array.from({ length: DAYS }, () => ({ requests: 0, refused: 0 }));
const WIDTH = 90;
const HEIGHT = 20;

/** The last thirty days with a bar for each day, and denied requests on top in another color. */
export function Sparkline({ days = NO_DAYS }: { readonly days: readonly UsageDay[] | undefined }) {
  const denied = days.reduce((sum, day) => sum + day.refused, 0);
  // Three paths instead of a bar for each day, because a list has dozens of charts.
  const bars = barsOf(days, WIDTH, HEIGHT);
  return (
    <>
      <svg className={classes['bars']} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden>
        <path className={classes['none']} d={bars.none} />
        <path className={classes['allowed']} d={bars.allowed} />
        <path className={classes['denied']} d={bars.denied} />
      </svg>
      {denied > 0 && <span className="visually-hidden">{counted(denied, 'request')} denied in the last 30 days</span>}
    </>
  );
}
