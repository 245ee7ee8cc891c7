const FULL = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', {
  notation: 'compact',
  maximumFractionDigits: 1,
  maximumSignificantDigits: 3,
  roundingPriority: 'lessPrecision',
});

/** `12,345` */
export function count(number: number): string {
  return FULL.format(number);
}

/** `1.2K`, `12.3K`, `123K` */
export function shortCount(number: number): string {
  return SHORT.format(number);
}

/** `1 scope`, `2 scopes` */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

const PERCENT = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const SMALLEST_PERCENT = 0.001;

/** `2.1%`. A share close to none or all is never shown as none or all: `<0.1%`, `>99.9%`. */
export function percent(share: number): string {
  if (share > 0 && share < SMALLEST_PERCENT) return `<${PERCENT.format(SMALLEST_PERCENT)}`;
  if (share < 1 && share > 1 - SMALLEST_PERCENT) return `>${PERCENT.format(1 - SMALLEST_PERCENT)}`;
  return PERCENT.format(share);
}
