import type { UsageDay } from '../api/wire';

/** SVG paths of the bars. Each is empty without such bars. */
export interface Bars {
  readonly allowed: string;
  /** On top of the allowed requests. */
  readonly denied: string;
  /** Days without requests. */
  readonly none: string;
}

const BAR_WIDTH = 2;
/** Keeps small values visible. */
const BAR_HEIGHT_MIN = 1.5;

export function barsOf(days: readonly UsageDay[], width: number, height: number): Bars {
  const most = Math.max(1, ...days.map(({ requests }) => requests));
  const step = width / days.length;
  const bars = { allowed: '', denied: '', none: '' };
  days.forEach(({ requests, refused }, index) => {
    const x = round(index * step);
    if (requests === 0) {
      bars.none += bar(x, height - 1, 1);
      return;
    }
    const scaled = (count: number) => (count === 0 ? 0 : round(Math.max(BAR_HEIGHT_MIN, (count / most) * height)));
    const whole = scaled(requests);
    const top = Math.min(whole, scaled(refused));
    if (whole > top) bars.allowed += bar(x, round(height - whole + top), round(whole - top));
    if (top > 0) bars.denied += bar(x, round(height - whole), top);
  });
  return bars;
}

function bar(x: number, y: number, height: number): string {
  return `M${x} ${y}h${BAR_WIDTH}v${height}h-${BAR_WIDTH}z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
