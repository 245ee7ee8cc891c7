/** One request of a chain of redirects. */
export interface Hop {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** 303 turns any method into GET; 301 and 302 turn only POST into GET. */
const SEE_OTHER = 303;
const KEEPS_METHOD: ReadonlySet<number> = new Set([307, 308]);

/**
 * Returns the next request of a redirect (Fetch, section "HTTP-redirect fetch"), or undefined. Headers and bodies can
 * contain credentials, so another origin gets neither, and redirects that need the body there are not followed.
 */
export function redirectOf(hop: Hop, status: number, location: string | undefined): Hop | undefined {
  const url = REDIRECTS.has(status) && location !== undefined ? URL.parse(location, hop.url.href) : null;
  if (url === null) return undefined;
  const isSameOrigin = url.origin === hop.url.origin;
  const isRepeated = KEEPS_METHOD.has(status) || (hop.method !== 'POST' && status !== SEE_OTHER);
  if (isRepeated && hop.method !== 'GET') return isSameOrigin ? { ...hop, url } : undefined;
  return { url, method: 'GET', headers: isSameOrigin ? hop.headers : {} };
}
