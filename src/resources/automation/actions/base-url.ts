import { trimEnd } from '../../../core/validation/trim-end.ts';

const URL_CHARACTERS_MAX = 2_048;
const SERVERS_MAX = 100;

/**
 * Chooses among OpenAPI server objects: the first https URL, or else the first http URL. Variables get their defaults,
 * trailing slashes are removed. Only the first 100 servers count.
 * @returns undefined if none is absolute
 */
export function baseUrlOf(servers: readonly unknown[]): string | undefined {
  const urls = servers.slice(0, SERVERS_MAX).map(filled).filter(isBase);
  const url = urls.find((each) => each.startsWith('https:')) ?? urls[0];
  return url && trimEnd(url, '/');
}

function filled(server: unknown): string {
  const { url, variables } = (server ?? {}) as {
    url?: unknown;
    variables?: Record<string, { default?: unknown } | null>;
  };
  const text = String(url);
  if (text.length > URL_CHARACTERS_MAX) return '';
  return text.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    return String(variables?.[name]?.default ?? whole).slice(0, URL_CHARACTERS_MAX + 1);
  });
}

function isBase(url: string): boolean {
  if (url.length > URL_CHARACTERS_MAX) return false;
  const { protocol = '', search, hash } = URL.parse(url) ?? {};
  return /^https?:$/.test(protocol) && !search && !hash && !url.includes('{');
}
