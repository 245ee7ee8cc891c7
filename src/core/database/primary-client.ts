import pg from 'pg';
import { ConnectGate } from './connect-gate.js';

/** SQLSTATE cannot_connect_now. */
const NOT_NOW = '57P03';

/** By host and port. */
const gates = new Map<string, ConnectGate>();

function gateOf({ host, port }: pg.Client): ConnectGate {
  const address = `${host}:${port}`;
  const gate = gates.get(address) ?? new ConnectGate();
  gates.set(address, gate);
  return gate;
}

/**
 * A client that connects to a primary only. A standby may not know yet that a key was revoked, and a proxy that follows the
 * primary can lead to it for a moment.
 */
export class PrimaryClient extends pg.Client {
  readonly #timeoutMs: number | undefined;
  #mayBeStandby = false;

  constructor(config: pg.ClientConfig = {}) {
    super(config);
    this.#timeoutMs = config.connectionTimeoutMillis;
    // No caller listens before `connect` has an answer, and an error without a listener would end the process. The
    // statement that asks Postgres fails with it.
    this.on('error', () => undefined);
    // Postgres reports this at the start of a session.
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName === 'in_hot_standby') this.#mayBeStandby = parameterValue === 'on';
    });
  }

  override connect(): Promise<this>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<this> | void {
    const connecting = gateOf(this).pass(this.connection.stream, () => this.#connectToPrimary());
    if (callback === undefined) return connecting;
    connecting.then(() => (callback as () => void)(), callback);
  }

  async #connectToPrimary(): Promise<this> {
    await super.connect();
    if (this.#mayBeStandby) await this.#assertPrimary();
    return this;
  }

  /** A pooler may repeat what an earlier server reported, so Postgres is asked. */
  async #assertPrimary(): Promise<void> {
    try {
      if (!(await this.#isInRecovery())) return;
    } catch (error) {
      this.connection.stream.destroy();
      throw error;
    }
    this.connection.stream.destroy();
    throw Object.assign(new Error('the database is a standby, not the primary'), { code: NOT_NOW });
  }

  async #isInRecovery(): Promise<boolean> {
    // With a timeout also on clients whose statements have none: a silent server would keep its turn at the gate.
    const statement = { text: 'select pg_is_in_recovery() as standby', query_timeout: this.#timeoutMs };
    const { rows } = await this.query<{ standby: boolean }>(statement);
    return rows[0]!.standby;
  }
}
