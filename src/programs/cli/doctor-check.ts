import type pg from 'pg';
import type { Config } from '../../core/config/config.js';
import type { SecretBox } from '../../core/encryption/secret-box.js';
import type { DatabaseAddress } from './with-database.js';

/** The database that the checks examine. */
export interface DatabaseTarget {
  readonly address: DatabaseAddress;
  /** Has the connection settings of the pool. */
  readonly client: pg.Client;
  readonly secretBox: SecretBox;
  readonly config: Config;
}

export interface Check<T> {
  readonly name: string;
  /**
   * Returns one line about the healthy state.
   * @throws Error that describes the problem
   */
  run(target: T): string | Promise<string>;
}
