import type { ApiKey } from '../api/wire';

interface Shown {
  readonly key: Pick<ApiKey, 'kind' | 'type'> & { readonly allowed_origins: readonly string[] };
  readonly token: string;
  readonly secret?: string | undefined;
}

/** A curl command that works with any scopes, from an allowed origin. */
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

/** The Origin header of a page of an allowed domain. */
function pageOrigin(domain: string): string {
  return `https://${domain.replace(/^\*\./, 'www.')}`;
}

function command(start: string, options: readonly string[]): string {
  return [`curl ${start}`, ...options].join(' \\\n  ');
}
