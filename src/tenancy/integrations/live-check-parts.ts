/** `https://{shop}.myshopify.com` with the credentials' own `shop`. */
export function fillIn(baseUrl: string, credentials: object): string {
  return baseUrl.replace(/\{(\w+)\}/g, (_, field: string) => String((credentials as Record<string, unknown>)[field]));
}

/** JSON; undefined when it isn't any. */
export function parsedOrNothing(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}
