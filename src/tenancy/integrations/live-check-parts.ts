/** Replaces `{shop}` in `https://{shop}.myshopify.com` by that credential. */
export function fillIn(baseUrl: string, credentials: object): string {
  return baseUrl.replace(/\{(\w+)\}/g, (_, field: string) => String((credentials as Record<string, unknown>)[field]));
}

/** Undefined if the bytes aren't JSON. */
export function parsedOrNothing(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}
