/**
 * The first https one among OpenAPI's server objects, else the first that is http, with its variables' defaults and
 * without a slash at its end; undefined when none of them is absolute.
 */
export function baseUrlOf(servers: readonly unknown[]): string | undefined {
  const urls = servers.map(filled).filter(isBase);
  return (urls.find((url) => url.startsWith('https:')) ?? urls[0])?.replace(/\/+$/, '');
}

function filled(server: unknown): string {
  const { url, variables } = (server ?? {}) as {
    url?: unknown;
    variables?: Record<string, { default?: unknown } | null>;
  };
  return String(url).replace(/\{([^}]*)\}/g, (whole, name: string) => String(variables?.[name]?.default ?? whole));
}

function isBase(url: string): boolean {
  const { protocol = '', search, hash } = URL.parse(url) ?? {};
  return /^https?:$/.test(protocol) && !search && !hash && !url.includes('{');
}
