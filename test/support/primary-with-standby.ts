import { FreezableProxy } from './freezable-proxy.js';
import { OwnPostgres } from './own-postgres.js';
import { until } from './until.js';

/** A primary whose commits wait for a standby, which can replace it while servers stay connected to the old one. */
export class PrimaryWithStandby {
  private constructor(
    readonly primary: OwnPostgres,
    readonly standby: OwnPostgres,
    /** Carries what the primary sends to its standby. */
    readonly replication: FreezableProxy,
    /** Leads to the primary, as a balancer does. */
    readonly following: FreezableProxy,
  ) {}

  static async start(): Promise<PrimaryWithStandby> {
    const primary = await OwnPostgres.start();
    const replication = await FreezableProxy.start(primary.url);
    const following = await FreezableProxy.start(primary.serverUrl);
    const standby = await primary.addStandby('second', replication.url);
    await primary.query("alter system set synchronous_standby_names = 'second'");
    await primary.query('select pg_reload_conf()');
    await until('the standby is synchronous', async () => {
      const rows = await primary.query("select from pg_stat_replication where sync_state = 'sync'");
      return rows.length === 1;
    });
    return new PrimaryWithStandby(primary, standby, replication, following);
  }

  /** The old primary goes on, and learns nothing of it. */
  async replace(): Promise<void> {
    this.replication.freeze();
    await this.standby.query('select pg_promote()');
    this.following.leadTo(this.standby.serverUrl);
  }

  async remove(): Promise<void> {
    this.replication.thaw();
    await this.replication.stop();
    await this.following.stop();
    await this.standby.remove();
    await this.primary.remove();
  }
}
