import type { IncomingHttpHeaders } from 'node:http';

/** A header as one string; repeated headers are joined (RFC 9110 section 5.3). */
export function headerOf(request: { readonly headers: IncomingHttpHeaders }, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
