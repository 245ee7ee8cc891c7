const DOMAIN = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** The problem of an allowed domain; undefined if it is valid. */
export function validateOrigin(entry: string): string | undefined {
  return DOMAIN.test(entry) ? undefined : `${entry} is not a domain: write example.com or *.example.com.`;
}
