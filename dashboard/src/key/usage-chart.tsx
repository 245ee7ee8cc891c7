import '@mantine/core/styles/ColorSwatch.css';
import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { Table } from '@mantine/core';
import { count } from '../text/numbers';
import type { UsageBucket, UsageRange } from './usage-buckets';

const HOUR = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const SERIES = [
  { name: 'allowed', label: 'Allowed', color: 'var(--chart-allowed)' },
  { name: 'refused', label: 'Denied', color: 'var(--chart-refused)' },
];

interface Props {
  readonly buckets: readonly UsageBucket[];
  readonly range: UsageRange;
  readonly height: number;
}

/** The default export is for lazy(). */
export default function UsageChart({ buckets, range, height }: Props) {
  const format = range === '24h' ? HOUR : DAY;
  const data = buckets.map(({ start, requests, refused }) => ({
    at: format.format(start),
    allowed: requests - refused,
    refused,
  }));
  return (
    <>
      <div aria-hidden>
        <BarChart
          h={height}
          data={data}
          dataKey="at"
          type="stacked"
          series={SERIES}
          withLegend
          legendProps={{ verticalAlign: 'bottom' }}
          tickLine="none"
          gridAxis="x"
          maxBarWidth={28}
          valueFormatter={count}
          barProps={{ isAnimationActive: false }}
          // Screen readers get the table below, so nothing in the hidden chart may take the focus.
          barChartProps={{ accessibilityLayer: false, margin: { top: 14 } }}
          yAxisProps={{ allowDecimals: false, width: 44 }}
          xAxisProps={{ minTickGap: 24 }}
        />
      </div>
      <UsageFigures data={data} by={range === '24h' ? 'Hour' : 'Day'} />
    </>
  );
}

interface FiguresProps {
  readonly data: readonly { readonly at: string; readonly allowed: number; readonly refused: number }[];
  readonly by: string;
}

/** The values of the chart for screen readers. */
function UsageFigures({ data, by }: FiguresProps) {
  return (
    <div className="visually-hidden">
      <Table>
        <caption>Requests by {by.toLowerCase()}</caption>
        <thead>
          <tr>
            <th scope="col">{by}</th>
            <th scope="col">Allowed</th>
            <th scope="col">Denied</th>
          </tr>
        </thead>
        <tbody>
          {data.map(({ at, allowed, refused }) => (
            <tr key={at}>
              <th scope="row">{at}</th>
              <td>{allowed}</td>
              <td>{refused}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
