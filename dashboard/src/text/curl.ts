import type { ApiKey } from '../api/wire';

interface Shown {
  readonly key: Pick<ApiKey, 'kind' | 'type'>;
  readonly token: string;
  readonly secret?: string | undefined;
}

/** A first call with a new key that works whatever it was granted. */
export function firstCurl(origin: string, { key, token, secret }: Shown): string {
  if (key.type !== 'standard') {
    return command(`-X POST ${origin}/events`, [
      `-H 'Authorization: Bearer ${token}'`,
      `-H 'Content-Type: application/json'`,
      `-d '{"event":"integration.connected","data":{"source":"curl"}}'`,
    ]);
  }
  return secret === undefined
    ? command(`${origin}/whoami`, [`-H 'Authorization: Bearer ${token}'`])
    : command(`${origin}/whoami`, [`-H 'X-API-Key: ${token}'`, `-H 'X-API-Secret: ${secret}'`]);
}

function command(start: string, options: readonly string[]): string {
  return [`curl ${start}`, ...options].join(' \\\n  ');
}
