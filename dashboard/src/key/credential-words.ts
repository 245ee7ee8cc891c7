import type { KeyCredential } from '../api/wire';

/** Whether the current credential, or a replaced one that is still in its overlap. */
export function works({ is_current, retires_at }: KeyCredential, now = Date.now()): boolean {
  return is_current || (retires_at !== null && Date.parse(retires_at) > now);
}

/** When the last of the replaced credentials stops working; undefined if none works. */
export function overlapEndOf(credentials: readonly KeyCredential[] | undefined, now = Date.now()): string | undefined {
  const old = credentials?.filter((credential) => !credential.is_current && works(credential, now)) ?? [];
  return old
    .flatMap(({ retires_at }) => retires_at ?? [])
    .toSorted()
    .at(-1);
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
