import { trimEnd } from '../validation/trim-end.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reports every invalid setting at once, one line each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Configuration: ${problems.join('; ')}`);
  }
}

export type Selection = 'all' | readonly string[];

export type SettingReader = ReturnType<typeof settingReader>;

const ONE_HOST =
  'must name one host: put an address in front that follows the primary, such as HAProxy or a virtual IP (deploy/ha)';

/** True for the ways in which libpq takes a list: in the authority or as a parameter of a URL, or as `host=a,b`. */
function namesSeveralHosts(text: string): boolean {
  const [address, query = ''] = text.split('?', 2) as [string, string?];
  if (!address.includes('://')) return text.split(/\s+/).some(isHostList);
  const authority = address.split('://', 2)[1]!.split('/', 1)[0]!;
  return authority.slice(authority.lastIndexOf('@') + 1).includes(',') || query.split('&').some(isHostList);
}

function isHostList(parameter: string): boolean {
  const [name, value = ''] = parameter.split('=', 2) as [string, string?];
  return ['host', 'hostaddr', 'port'].includes(name) && /,|%2c/i.test(value);
}

/** Reads settings by name. An invalid one gets its default, and `throwIfRefused` reports all of them. */
export function settingReader(environment: Environment) {
  const problems: string[] = [];
  const refuse = (name: string, problem: string) => void problems.push(`${name} ${problem}`);
  // An empty variable counts as not set, because compose files unset variables that way.
  const raw = (name: string) => environment[name]?.trim() || undefined;

  /** @param parse returns undefined for an invalid value */
  function setting<T>(name: string, fallback: T, wanted: string, parse: (text: string) => T | undefined): T {
    const text = raw(name);
    if (text === undefined) return fallback;
    const value = parse(text);
    if (value === undefined) refuse(name, `must be ${wanted}`);
    return value ?? fallback;
  }

  function parseUrl(text: string, protocols: readonly string[]): string | undefined {
    const url = URL.parse(text);
    return url && protocols.includes(url.protocol.slice(0, -1)) ? trimEnd(text, '/') : undefined;
  }

  const integer = (name: string, fallback: number, { min, max }: { min: number; max: number }) =>
    setting(name, fallback, `a whole number from ${min} to ${max}`, (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    });

  return {
    refuse,
    integer,
    text: (name: string, fallback: string) => raw(name) ?? fallback,
    matching: (name: string, fallback: string, pattern: RegExp) =>
      setting(name, fallback, `like ${pattern.source}`, (text) => (pattern.test(text) ? text : undefined)),
    optionalMatching: (name: string, pattern: RegExp) =>
      setting<string | undefined>(name, undefined, `like ${pattern.source}`, (text) =>
        pattern.test(text) ? text : undefined,
      ),
    oneOf: <const T extends string>(name: string, fallback: T, allowed: readonly T[]): T =>
      setting(name, fallback, `one of ${allowed.join(', ')}`, (text) => allowed.find((value) => value === text)),
    boolean: (name: string, fallback: boolean) =>
      setting(name, fallback, 'true or false', (text) => ({ true: true, false: false })[text]),
    limit: (name: string, fallback: number) => integer(name, fallback, { min: 1, max: 1_000_000_000 }),
    /** The URL of a host's root, where pages and their cookies are. */
    rootUrl: (name: string, fallback: string) =>
      setting(
        name,
        fallback,
        'a URL (http, https) of a host without a path, such as https://gatehouse.example.com: the server cannot be put below a path',
        (text) => {
          const url = URL.parse(text);
          return url?.href === `${url?.origin}/` ? parseUrl(text, ['http', 'https']) : undefined;
        },
      ),
    optionalUrl: (name: string, protocols: readonly string[]) =>
      setting<string | undefined>(name, undefined, `a URL (${protocols.join(', ')})`, (text) =>
        parseUrl(text, protocols),
      ),
    /** Of one Postgres. */
    databaseUrl: (name: string) =>
      setting<string | undefined>(name, undefined, 'a URL (postgres, postgresql)', (text) => {
        if (!namesSeveralHosts(text)) return parseUrl(text, ['postgres', 'postgresql']);
        refuse(name, ONE_HOST);
        return text;
      }),
    /** URLs with a host and without a user, separated by commas. */
    urlList: (name: string, protocols: readonly string[]) =>
      setting<readonly string[]>(
        name,
        [],
        `URLs (${protocols.join(', ')}) without user and password, separated by commas`,
        (text) => {
          const urls = text.split(',').map((each) => each.trim());
          const isUrl = (each: string) => {
            const url = URL.parse(each);
            return url !== null && url.hostname !== '' && url.username === '' && url.password === '';
          };
          return urls.every((each) => parseUrl(each, protocols) !== undefined && isUrl(each)) ? urls : undefined;
        },
      ),
    /** `name=https://host`, separated by commas. URLs may hold `{field}` placeholders. */
    urlsByName: (name: string, protocols: readonly string[]) =>
      setting<Readonly<Record<string, string>>>(
        name,
        {},
        `name=URL (${protocols.join(', ')}), separated by commas`,
        (text) => {
          const entries = text.split(',').map((entry) => /^ *(\w+)=(\S+) *$/.exec(entry)?.slice(1) ?? []);
          const isUrl = (url: string) => parseUrl(url.replaceAll(/\{\w+\}/g, 'x'), protocols) !== undefined;
          if (!entries.every(([key, url]) => key !== undefined && isUrl(url!))) return undefined;
          return Object.fromEntries(entries.map(([key, url]) => [key, trimEnd(url!, '/')]));
        },
      ),
    hosts: (name: string) =>
      setting<readonly string[]>(name, [], 'hosts, with or without a port, separated by commas', (text) => {
        const hosts = text.split(',').map((host) => host.trim().toLowerCase());
        return hosts.every((host) => /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/.test(host)) ? hosts : undefined;
      }),
    /** `all`, `none` (an empty list), or names separated by commas. */
    selection: (name: string) =>
      setting<Selection>(name, 'all', 'all, none, or names separated by commas', (text) => {
        if (text === 'all') return 'all';
        const names = text === 'none' ? [] : text.split(',').map((each) => each.trim());
        return names.every((each) => /^[\w-]+$/.test(each)) ? names : undefined;
      }),
    optionalBase64: (name: string, bytes: number) =>
      setting<Buffer | undefined>(name, undefined, `${bytes} bytes in base64`, (text) => {
        const value = Buffer.from(text, 'base64');
        return value.length === bytes ? value : undefined;
      }),
    /** Separated by commas. */
    base64List: (name: string, bytes: number) =>
      setting<readonly Buffer[]>(name, [], `${bytes} bytes in base64 each, separated by commas`, (text) => {
        const values = text.split(',').map((value) => Buffer.from(value, 'base64'));
        return values.every((value) => value.length === bytes) ? values : undefined;
      }),
    throwIfRefused: () => {
      if (problems.length > 0) throw new ConfigError(problems);
    },
  };
}
