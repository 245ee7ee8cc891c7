import type { Config } from '../../core/config/config.js';
import { CONNECTORS } from './connectors/index.js';

/** Names in the setting that no connector has: a mistyped one would have its credentials sent to the real provider. */
export function unknownIntegrations({ integrationBaseUrls }: Pick<Config, 'integrationBaseUrls'>): string[] {
  const known = new Set(CONNECTORS.map(({ key }) => key));
  return Object.keys(integrationBaseUrls).filter((name) => !known.has(name));
}
