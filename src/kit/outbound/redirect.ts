/** One request of a chain of redirects. */
export interface Hop {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Is got whatever was asked for; 301 and 302 turn only a POST into a GET. */
const SEE_OTHER = 303;
const KEEPS_METHOD: ReadonlySet<number> = new Set([307, 308]);

/**
 * Where an answer sends its client, as Fetch has it (section "HTTP-redirect fetch"); undefined: nowhere.
 * What was meant for one origin is told no other: headers carry credentials, and so may a body, which is why what
 * changes something and would have to be repeated elsewhere isn't.
 */
export function redirectOf(hop: Hop, status: number, location: string | undefined): Hop | undefined {
  const url = REDIRECTS.has(status) && location !== undefined ? URL.parse(location, hop.url.href) : null;
  if (url === null) return undefined;
  const isSameOrigin = url.origin === hop.url.origin;
  const isRepeated = KEEPS_METHOD.has(status) || (hop.method !== 'POST' && status !== SEE_OTHER);
  if (isRepeated && hop.method !== 'GET') return isSameOrigin ? { ...hop, url } : undefined;
  return { url, method: 'GET', headers: isSameOrigin ? hop.headers : {} };
}
