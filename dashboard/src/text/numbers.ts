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
