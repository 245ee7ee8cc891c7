import type { ApiKey } from '../api/wire';

export interface Credential {
  readonly token: string;
  readonly secret?: string | undefined;
}

interface Shown extends Credential {
  readonly key: Pick<ApiKey, 'kind' | 'type'> & { readonly allowed_origins: readonly string[] };
}

/** A curl command that works with any scopes, from an allowed origin. */
export function firstCurl(origin: string, { key, ...credential }: Shown): string {
  const [page] = key.allowed_origins;
  if (key.type !== 'standard') {
    return curl(`-X POST ${origin}/events`, [
      ...headersOf(credential),
      ...(page === undefined ? [] : [`-H 'Origin: ${pageOrigin(page)}'`]),
      `-H 'Content-Type: application/json'`,
      `-d '{"event":"integration.connected","data":{"source":"curl"}}'`,
    ]);
  }
  return curl(`${origin}/whoami`, headersOf(credential));
}

/** The options that send the credential. */
export function headersOf({ token, secret }: Credential): string[] {
  return secret === undefined
    ? [`-H 'Authorization: Bearer ${token}'`]
    : [`-H 'X-API-Key: ${token}'`, `-H 'X-API-Secret: ${secret}'`];
}

/** The Origin header of a page of an allowed domain. */
function pageOrigin(domain: string): string {
  return `https://${domain.replace(/^\*\./, 'www.')}`;
}

/** A command with each option on its own line. */
export function curl(start: string, options: readonly string[]): string {
  return [`curl ${start}`, ...options].join(' \\\n  ');
}
