import { ConfigError } from '../../core/config/setting-reader.js';
import type { Query } from './query.js';

export const NO_STANDBY =
  'FRESHNESS=strict requires synchronous_standby_names in Postgres: a primary without a synchronous standby cannot tell that another one has replaced it';

/**
 * To be called at the start of a server with `FRESHNESS=strict`.
 * @throws ConfigError if no COMMIT waits for a standby
 */
export async function assertSynchronousStandby(query: Query): Promise<void> {
  const { rows } = await query("select current_setting('synchronous_standby_names') as names");
  if (rows[0]!['names'] === '') throw new ConfigError([NO_STANDBY]);
}
