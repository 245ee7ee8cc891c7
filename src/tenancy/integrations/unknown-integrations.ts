import type { Config } from '../../core/config/config.js';
import { CONNECTORS } from './connectors/index.js';

/** Names in the setting without a connector. With a mistyped name, credentials would go to the real provider. */
export function unknownIntegrations({ integrationBaseUrls }: Pick<Config, 'integrationBaseUrls'>): string[] {
  const known = new Set(CONNECTORS.map(({ key }) => key));
  return Object.keys(integrationBaseUrls).filter((name) => !known.has(name));
}
