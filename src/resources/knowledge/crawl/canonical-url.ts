export const URL_CHARACTERS_MAX = 2_048;

const ESCAPE = /%[0-9a-f]{2}/gi;
/** RFC 3986, section 2.3: mean the same escaped or not. */
const UNRESERVED = /[A-Za-z0-9._~-]/;

/**
 * One way to write a page's address (RFC 3986, section 6.2.2): host in lower case, no default port, no dot segments, no
 * escapes that need not be, and no fragment, which is a place in the page.
 * @param base what a link stands in
 * @returns undefined for what is no http(s) URL, is too long, or carries a password
 */
export function canonicalUrl(text: string, base?: string): string | undefined {
  const url = URL.parse(text, base);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  url.hash = '';
  url.hostname = url.hostname.replace(/\.$/, '');
  // Takes a question mark off that nothing follows.
  if (url.search === '') url.search = '';
  const written = url.href.replace(ESCAPE, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return UNRESERVED.test(character) ? character : escape.toUpperCase();
  });
  return written.length <= URL_CHARACTERS_MAX ? written : undefined;
}

/**
 * Whether two pages are of one site: the same host, with or without `www.` (start pages often redirect from one to the
 * other), and the same port, with or without TLS where both ports are the usual ones.
 */
export function isSameHost(one: string, other: string): boolean {
  return hostOf(one) === hostOf(other);
}

function hostOf(url: string): string | undefined {
  return URL.parse(url)?.host.replace(/^www\./, '');
}
