/** One request of a chain of redirects. */
export interface Hop {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const KEEPS_METHOD: ReadonlySet<number> = new Set([307, 308]);

/**
 * Where an answer sends its client, as Fetch has it (section "HTTP-redirect fetch"); undefined: nowhere.
 * What was meant for one origin is told no other: headers carry credentials, and so may a body, which is why a POST that
 * would have to be repeated elsewhere isn't.
 */
export function redirectOf(hop: Hop, status: number, location: string | undefined): Hop | undefined {
  const url = REDIRECTS.has(status) && location !== undefined ? URL.parse(location, hop.url.href) : null;
  if (url === null) return undefined;
  const isSameOrigin = url.origin === hop.url.origin;
  if (KEEPS_METHOD.has(status) && hop.method === 'POST') return isSameOrigin ? { ...hop, url } : undefined;
  return { url, method: 'GET', headers: isSameOrigin ? hop.headers : {} };
}
