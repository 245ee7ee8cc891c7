import type { KeyCredential, ReplacedCredential } from '../api/wire';

/** Whether the current credential, or a replaced one that is still in its overlap. */
export function works({ is_current, retires_at }: KeyCredential, now = Date.now()): boolean {
  // The overlap of one without an end starts at the first use of the new one.
  return is_current || retires_at === null || Date.parse(retires_at) > now;
}

/** Whether a request came with the old key after it was replaced. */
export function isStillUsed({ rotated_at, last_used }: ReplacedCredential): boolean {
  return last_used !== null && Date.parse(last_used.at) > Date.parse(rotated_at);
}

const BROWSERS = [
  ['Edge', /\bEdg\/(\d+)/],
  ['Chrome', /\bChrome\/(\d+)/],
  ['Firefox', /\bFirefox\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)/],
] as const;
const PRODUCT_CHARACTERS_MAX = 40;

/** A short name of a client: `curl 8.7`, `Chrome 131`. Others are their first product. */
export function clientName(userAgent: string): string {
  for (const [name, pattern] of BROWSERS) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  const [product = ''] = userAgent.split(' ', 1);
  const [name = '', version = ''] = product.split('/', 2);
  const short = version.split('.').slice(0, 2).join('.');
  return `${name} ${short}`.trim().slice(0, PRODUCT_CHARACTERS_MAX);
}
