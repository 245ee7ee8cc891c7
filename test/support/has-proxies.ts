import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether the programs of all proxies are installed. */
export function hasProxies(): boolean {
  const programs = [
    ['nginx', '-v'],
    ['caddy', 'version'],
    ['apache2', '-v'],
  ] as const;
  return (
    programs.every(([name, option]) => spawnSync(name, [option]).status === 0) &&
    existsSync('/usr/lib/apache2/modules/mod_oauth2.so')
  );
}
