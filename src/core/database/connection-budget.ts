import type { Config } from '../config/config.js';

/**
 * The connections of one process beside the pool of its requests. Operators size Postgres by their sum, so every pool and
 * connection that a server keeps takes its number from here.
 */
export const CONNECTIONS = {
  /** Two saturate Postgres and this process. More only cost memory in Postgres. */
  quickReads: 2,
  /** Each waits for the disk at each of its commits. More lanes share those waits, fewer share writes to the socket. */
  inserts: 8,
  /** Instead of quick reads and inserts, without the fast lane. */
  probe: 1,
  /** Separate from the requests' pool, so that neither delays the other. */
  jobs: 2,
  lease: 1,
  /** An earlier lease whose COMMIT waits for a standby. */
  unansweredLease: 1,
} as const;

/** The most connections to Postgres that one server process holds. */
export function connectionsMax({
  databasePoolSize,
  databaseFastLane,
}: Pick<Config, 'databasePoolSize' | 'databaseFastLane'>): number {
  const { quickReads, inserts, probe, jobs, lease, unansweredLease } = CONNECTIONS;
  const single = databaseFastLane === 'on' ? quickReads + inserts : probe;
  return databasePoolSize + single + jobs + lease + unansweredLease;
}
