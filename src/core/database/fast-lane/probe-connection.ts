import pg from 'pg';
import { connectionSettings, type DatabaseAddress, START_CONNECT_TIMEOUT_MS } from '../connection-settings.js';

/** A connection outside the pool that only shows whether the database is alive. Reopened when it is lost. */
export class ProbeConnection {
  #client: pg.Client | undefined;

  private constructor(private readonly address: DatabaseAddress) {}

  static async open(address: DatabaseAddress): Promise<ProbeConnection> {
    const connection = new ProbeConnection(address);
    await connection.#connect(START_CONNECT_TIMEOUT_MS);
    return connection;
  }

  /** @throws what the database reports, or a plain error if it is silent or away */
  async probe(): Promise<void> {
    const client = this.#client ?? (await this.#connect(this.address.timeouts.connectMs));
    try {
      await client.query('SELECT 1');
    } catch (error) {
      this.#client = undefined;
      void client.end();
      throw error;
    }
  }

  /** Resolves when the database has closed the connection. */
  async close(): Promise<void> {
    await this.#client?.end();
  }

  async #connect(connectTimeoutMs: number): Promise<pg.Client> {
    const client = new pg.Client(connectionSettings(this.address.url, this.address.timeouts, connectTimeoutMs));
    // Without a listener, a lost connection would end the process. The next probe fails instead.
    client.on('error', () => undefined);
    await client.connect();
    this.#client = client;
    return client;
  }
}
