/** Fits into an index, as ASCII. */
const URL_CHARACTERS_MAX = 1_000;
/** Anything in the form of a key of some installation, or of a JWT. */
const CREDENTIAL = /[a-z0-9]_(?:live|test|key|sec)_[0-9A-Za-z]{20}|eyJ[\w-]{10}/;

/**
 * The URL of a place where a credential was found, without user, query and fragment, which can hold the credential.
 * @returns undefined for a text that is no URL of a page, or that holds a credential in another part
 */
export function exposedUrl(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 2 * URL_CHARACTERS_MAX) return undefined;
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const shown = `${url.origin}${url.pathname}`;
  return shown.length > URL_CHARACTERS_MAX || CREDENTIAL.test(decoded(shown)) ? undefined : shown;
}

/** Percent-encoding could hide a credential. */
function decoded(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
