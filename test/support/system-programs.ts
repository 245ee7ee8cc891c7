import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const POSTGRES = [15, 16, 17, 18].map((version) => `/usr/lib/postgresql/${version}/bin/pg_rewind`);

/** A name or a path: `REDIS_PROGRAM=valkey-server` tests Valkey. */
export const REDIS_PROGRAM = process.env['REDIS_PROGRAM'] ?? 'redis-server';

/** The programs of the system that a project of tests needs, in `vitest.config.ts`. A path names a file; a list, any one of its names;
 * `root`, the user; `network namespaces`, the right to create them, which containers may refuse to root. */
export const SYSTEM_PROGRAMS = {
  redis: [REDIS_PROGRAM],
  rolling: [REDIS_PROGRAM, 'git', 'tar'],
  browser: [['chromium-headless-shell', 'chromium']],
  'object-storage': ['/usr/bin/python3', 'memcached', '/usr/lib/python3/dist-packages/swift/proxy/server.py'],
  pooler: ['pgbouncer', '/opt/pgbouncer-1.24/pgbouncer'],
  proxies: ['nginx', 'caddy', 'apache2', '/usr/lib/apache2/modules/mod_oauth2.so', 'python3'],
  chart: ['go', '/usr/share/gocode/src/github.com/Masterminds/sprig', '/usr/share/gocode/src/sigs.k8s.io/yaml'],
  // The embedded Postgres has no pg_rewind and no pg_basebackup.
  ha: ['root', 'network namespaces', 'patroni', 'etcd', 'haproxy', 'ip', 'setpriv', POSTGRES],
  image: ['root', 'unshare', 'chroot', 'useradd'],
} satisfies Readonly<Record<string, readonly (string | readonly string[])[]>>;

export type NeedsPrograms = keyof typeof SYSTEM_PROGRAMS;

/** Programs that are not installed; empty if the project can run. */
export function missingPrograms(project: NeedsPrograms): string[] {
  return SYSTEM_PROGRAMS[project].flatMap((need) => {
    const names = [need].flat();
    return names.some((name) => findProgram(name) !== undefined) ? [] : [names.join(' or ')];
  });
}

/** Returns the path of a program. Also looks where Debian puts servers, which is not on every user's PATH. */
export function findProgram(name: string): string | undefined {
  if (name === 'root') return process.getuid?.() === 0 ? name : undefined;
  if (name === 'network namespaces') {
    return spawnSync('unshare', ['--net', '--mount', 'true']).status === 0 ? name : undefined;
  }
  if (name.startsWith('/')) return existsSync(name) ? name : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
