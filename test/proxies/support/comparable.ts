import type { Answer } from '../../support/http-client.js';

/** The headers of an answer that clients of Gatehouse rely on. */
const HEADERS = [
  'content-type',
  'www-authenticate',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'deprecation',
  'sunset',
  'x-content-type-options',
  'x-request-id',
];

/**
 * Status, body and headers of an answer, without what differs between two calls: what is left of a limit, the seconds
 * until it is reset, and the names of scopes.
 */
export function comparable({ status, headers, body }: Answer): Record<string, unknown> {
  const text = (value: unknown) =>
    value === undefined
      ? undefined
      : String(value)
          .replaceAll(/;r=\d+;t=\d+/g, ';r=N;t=N')
          .replaceAll(/\b[a-z-]+:(read|write)\b/g, 'SCOPE');
  const compared = Object.fromEntries(HEADERS.map((name) => [name, text(headers[name])]));
  const retry = headers['retry-after'];
  return { status, body: text(body), ...compared, 'retry-after': retry?.replace(/^([1-9]|[1-5]\d|60)$/, 'N') };
}
