import { spawnSync } from 'node:child_process';

/** Whether the programs of all proxies are installed. */
export function hasProxies(): boolean {
  return spawnSync('nginx', ['-v']).status === 0 && spawnSync('caddy', ['version']).status === 0;
}
