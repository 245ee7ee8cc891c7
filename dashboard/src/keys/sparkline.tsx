import { useQuery } from '@tanstack/react-query';
import { usageQuery } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { bucketsOf } from '../key/usage-buckets';
import classes from './sparkline.module.css';

const WIDTH = 200;
const HEIGHT = 24;

/** The last thirty days, a bar a day. It says nothing that the numbers beside it don't. */
export function Sparkline({ keyShown: { id, usage } }: { readonly keyShown: Pick<ApiKey, 'id' | 'usage'> }) {
  const { data } = useQuery({ ...usageQuery(id), enabled: usage.last_30_days > 0 });
  const days = bucketsOf(data?.series ?? [], '30d');
  const most = Math.max(1, ...days.map(({ requests }) => requests));
  const step = WIDTH / days.length;
  return (
    <svg className={classes['line']} width={WIDTH} height={HEIGHT} aria-hidden>
      {days.map(({ start, requests }, index) => {
        const height = requests === 0 ? 1 : Math.max(2, (requests / most) * HEIGHT);
        return (
          <rect
            key={start}
            className={requests === 0 ? classes['none'] : undefined}
            x={index * step}
            y={HEIGHT - height}
            width={step - 1.5}
            height={height}
            rx={0.8}
          />
        );
      })}
    </svg>
  );
}
