import type { ApiKey } from '../api/wire';

interface Shown {
  readonly key: Pick<ApiKey, 'kind' | 'type'> & { readonly allowed_origins: readonly string[] };
  readonly token: string;
  readonly secret?: string | undefined;
}

/** A first call with a new key that works whatever it was granted, from wherever it may be used. */
export function firstCurl(origin: string, { key, token, secret }: Shown): string {
  const [page] = key.allowed_origins;
  if (key.type !== 'standard') {
    return command(`-X POST ${origin}/events`, [
      `-H 'Authorization: Bearer ${token}'`,
      ...(page === undefined ? [] : [`-H 'Origin: ${pageOrigin(page)}'`]),
      `-H 'Content-Type: application/json'`,
      `-d '{"event":"integration.connected","data":{"source":"curl"}}'`,
    ]);
  }
  return secret === undefined
    ? command(`${origin}/whoami`, [`-H 'Authorization: Bearer ${token}'`])
    : command(`${origin}/whoami`, [`-H 'X-API-Key: ${token}'`, `-H 'X-API-Secret: ${secret}'`]);
}

/** As a browser names a page of an allowed domain. */
function pageOrigin(domain: string): string {
  return `https://${domain.replace(/^\*\./, 'www.')}`;
}

function command(start: string, options: readonly string[]): string {
  return [`curl ${start}`, ...options].join(' \\\n  ');
}
