export const URL_CHARACTERS_MAX = 2_048;

const ESCAPE = /%[0-9a-f]{2}/gi;
/** RFC 3986, section 2.3: escaping them changes nothing. */
const UNRESERVED = /[A-Za-z0-9._~-]/;

/**
 * Normalizes a URL (RFC 3986, section 6.2.2): lower-case host, no default port, no dot segments, no needless escapes, no
 * fragment.
 * @param base URL of the page that has the link
 * @returns undefined if it is not an http(s) URL, is too long, or has a user name or password
 */
export function canonicalUrl(text: string, base?: string): string | undefined {
  const url = URL.parse(text, base);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  url.hash = '';
  url.hostname = url.hostname.replace(/\.$/, '');
  // Removes a question mark without a query.
  if (url.search === '') url.search = '';
  const written = url.href.replace(ESCAPE, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return UNRESERVED.test(character) ? character : escape.toUpperCase();
  });
  return written.length <= URL_CHARACTERS_MAX ? written : undefined;
}

/**
 * Whether two URLs belong to one site: the same host, with or without `www.` (start pages often redirect from one to the
 * other), and the same port. The default ports of http and https are the same.
 */
export function isSameHost(one: string, other: string): boolean {
  return hostOf(one) === hostOf(other);
}

function hostOf(url: string): string | undefined {
  return URL.parse(url)?.host.replace(/^www\./, '');
}
