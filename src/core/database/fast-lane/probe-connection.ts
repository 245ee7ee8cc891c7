import pg from 'pg';
import { connectionSettings, type DatabaseAddress, START_CONNECT_TIMEOUT_MS } from '../connection-settings.js';
import type { ReadValues } from './prepared-read.js';
import type { Statement, TextAnswer } from './statement.js';

/** A connection outside the pool that shows whether the database is alive. Reopened when it is lost. */
export class ProbeConnection {
  #client: pg.Client | undefined;
  /** One at a time: probes that find the connection lost share the next one. */
  #connecting: Promise<pg.Client> | undefined;

  private constructor(private readonly address: DatabaseAddress) {}

  static async open(address: DatabaseAddress): Promise<ProbeConnection> {
    const connection = new ProbeConnection(address);
    await connection.#connect(START_CONNECT_TIMEOUT_MS);
    return connection;
  }

  /** @throws what the database reports, or a plain error if it is silent or away */
  async run({ text }: Statement, values: ReadValues): Promise<TextAnswer> {
    const client = this.#client ?? (await this.#reconnect());
    try {
      const { rows } = await client.query<(string | null)[]>({ text, values: [...values], rowMode: 'array' });
      return rows[0]?.[0];
    } catch (error) {
      if (this.#client === client) this.#client = undefined;
      void client.end();
      throw error;
    }
  }

  /** Resolves when the database has closed the connection. */
  async close(): Promise<void> {
    await this.#client?.end();
  }

  #reconnect(): Promise<pg.Client> {
    this.#connecting ??= this.#connect(this.address.timeouts.connectMs).finally(() => (this.#connecting = undefined));
    return this.#connecting;
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
