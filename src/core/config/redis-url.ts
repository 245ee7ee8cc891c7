/** One server, a master that sentinels name, or a cluster. */
export type RedisConfig =
  | { readonly kind: 'server'; readonly url: string }
  | ({ readonly kind: 'sentinel'; readonly masterName: string; readonly database: number } & RedisHosts)
  | ({ readonly kind: 'cluster' } & RedisHosts);

export interface RedisHosts {
  /** Sentinels, or some nodes of the cluster, which name the others. */
  readonly hosts: readonly RedisHost[];
  readonly login: RedisLogin;
  readonly isEncrypted: boolean;
}

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

export interface RedisLogin {
  readonly username?: string;
  readonly password?: string;
}

/** A sentence about the value, such as `names no host`. */
export interface RedisUrlProblem {
  readonly problem: string;
}

const FORMS =
  'must be redis://host:6379, redis+sentinel://s1:26379,s2:26379/master-name, or redis+cluster://n1:6379,n2:6379; rediss encrypts';
const DEFAULT_PORTS = { sentinel: 26_379, cluster: 6_379 };

/**
 * `redis://user:password@host:6379/0`, `redis+sentinel://user:password@s1:26379,s2:26379/master-name/0`, or
 * `redis+cluster://user:password@n1:6379,n2:6379`; with `rediss` over TLS.
 */
export function parseRedisUrl(text: string): RedisConfig | RedisUrlProblem {
  const [scheme = '', rest] = split(text, '://');
  const [protocol, kind] = split(scheme, '+');
  if (rest === undefined || (protocol !== 'redis' && protocol !== 'rediss')) return { problem: FORMS };
  if (kind === undefined) return parseServer(text, rest);
  if (kind !== 'sentinel' && kind !== 'cluster') return { problem: FORMS };
  if (/[?#]/.test(rest)) return { problem: `of redis+${kind}:// takes no parameters after ? or #` };

  const [authority = '', path = ''] = split(rest, '/');
  const at = authority.lastIndexOf('@');
  const login = parseLogin(authority.slice(0, Math.max(0, at)));
  if (login === undefined) return { problem: 'has a user or a password that is not percent-encoded' };
  const hosts = authority
    .slice(at + 1)
    .split(',')
    .map((host) => parseHost(host, DEFAULT_PORTS[kind]));
  if (!hosts.every((host) => host !== undefined)) {
    return {
      problem: `must list hosts, each with or without a port, such as redis+${kind}://one:${DEFAULT_PORTS[kind]},two`,
    };
  }
  const common = { hosts, login, isEncrypted: protocol === 'rediss' };
  return kind === 'cluster' ? parseCluster(path, common) : parseSentinel(path, common);
}

function parseServer(text: string, rest: string): RedisConfig | RedisUrlProblem {
  const [authority = ''] = split(rest, '/');
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) {
    return {
      problem:
        'names several hosts: use redis+sentinel://…/master-name for Sentinel, or redis+cluster://… for a cluster',
    };
  }
  const url = URL.parse(text);
  if (url === null || url.hostname === '') return { problem: FORMS };
  if (!/^\/?\d{0,5}$/.test(url.pathname)) return { problem: 'must end with the number of a database, such as /0' };
  return { kind: 'server', url: text };
}

function parseCluster(path: string, common: RedisHosts): RedisConfig | RedisUrlProblem {
  if (path === '' || path === '0') return { kind: 'cluster', ...common };
  return { problem: `names the database ${path}, but a Redis Cluster has only the database 0` };
}

function parseSentinel(path: string, common: RedisHosts): RedisConfig | RedisUrlProblem {
  const [masterName = '', database = '0'] = split(path, '/');
  if (!/^[\w.-]{1,200}$/.test(masterName)) {
    return { problem: 'must name the master that the sentinels watch, such as redis+sentinel://s1,s2/mymaster' };
  }
  if (!/^\d{1,5}$/.test(database))
    return { problem: `must end with the number of a database, such as /${masterName}/0` };
  return { kind: 'sentinel', masterName, database: Number(database), ...common };
}

/** Undefined: it isn't percent-encoded. */
function parseLogin(text: string): RedisLogin | undefined {
  const [user = '', password] = split(text, ':');
  try {
    return {
      ...(user !== '' && { username: decodeURIComponent(user) }),
      ...(password && { password: decodeURIComponent(password) }),
    };
  } catch {
    return undefined;
  }
}

function parseHost(text: string, defaultPort: number): RedisHost | undefined {
  const [, ipv6, name, port] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(text.trim()) ?? [];
  const host = ipv6 ?? name;
  const number = port === undefined ? defaultPort : Number(port);
  return host === undefined || number < 1 || number > 65_535 ? undefined : { host, port: number };
}

/** Splits at the first separator; the second part is undefined without one. */
function split(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
