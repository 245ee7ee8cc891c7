import type { UsageDay } from '../api/wire';
import { counted } from '../text/numbers';
import classes from './sparkline.module.css';

const WIDTH = 200;
const HEIGHT = 24;
const DAYS = 30;
const NO_DAYS: readonly UsageDay[] = Array.from({ length: DAYS }, () => ({ requests: 0, refused: 0 }));

/** The last thirty days with a bar per day, and refused requests on top in another color. */
export function Sparkline({ days = NO_DAYS }: { readonly days: readonly UsageDay[] | undefined }) {
  const most = Math.max(1, ...days.map(({ requests }) => requests));
  const refused = days.reduce((sum, day) => sum + day.refused, 0);
  const step = WIDTH / days.length;
  return (
    <>
      <svg className={classes['line']} width={WIDTH} height={HEIGHT} aria-hidden>
        {days.map((day, index) => {
          const [whole, top] = [day.requests, day.refused].map((requests) => heightOf(requests, most)) as [
            number,
            number,
          ];
          const bar = { x: index * step, width: step - 1.5, rx: 0.8 };
          return (
            // oxlint-disable-next-line react/no-array-index-key -- a day has no id, and days don't move
            <g key={index}>
              <rect
                {...bar}
                className={whole === 0 ? classes['none'] : undefined}
                y={HEIGHT - Math.max(whole, 1)}
                height={Math.max(whole, 1)}
              />
              {top > 0 && (
                <rect {...bar} className={classes['refused']} y={HEIGHT - whole} height={Math.min(top, whole)} />
              )}
            </g>
          );
        })}
      </svg>
      {refused > 0 && (
        <span className="visually-hidden">{counted(refused, 'request')} refused in the last 30 days</span>
      )}
    </>
  );
}

/** Keeps small values visible. */
function heightOf(requests: number, most: number): number {
  return requests === 0 ? 0 : Math.max(2, (requests / most) * HEIGHT);
}
