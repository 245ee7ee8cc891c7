import type { Config } from '../../../core/config/config.js';

/** The hosts of the server itself, which no help center can have. */
export function ownHostsOf({
  publicUrl,
  dashboardUrl,
}: Pick<Config, 'publicUrl' | 'dashboardUrl'>): ReadonlySet<string> {
  return new Set([publicUrl, dashboardUrl].map((url) => new URL(url).hostname));
}
