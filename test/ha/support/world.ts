import { Installation, type OrgKey } from '../../support/installation.js';
import { report } from '../../support/report.js';
import type { ServerProcess, Settings } from '../../support/server-process.js';
import type { WriteLoad } from '../../support/write-load.js';
import { Cluster } from './cluster.js';
import type { Host } from './host.js';
import { Network } from './network.js';

const PROCESSES = 3;

/** A Gatehouse process, and the HAProxy that leads it to the primary. Each is on a host of its own. */
export interface Site {
  readonly app: Host;
  readonly proxy: Host;
}

/** Three Gatehouse processes on a cluster of three nodes, in networks that a test can cut. */
export class World {
  readonly servers: ServerProcess[] = [];
  readonly sites: Site[] = [];
  installation!: Installation;
  /** The writes of all faults so far: a later one must not lose them either. */
  readonly written: WriteLoad[] = [];

  #freshness = 'standard';

  private constructor(
    readonly network: Network,
    readonly cluster: Cluster,
  ) {}

  static async start(): Promise<World> {
    const beganAt = performance.now();
    const network = Network.create();
    try {
      const world = new World(network, await Cluster.start(network));
      const whole = performance.now();
      await world.#startServers();
      report('started', { 'cluster ms': whole - beganAt, 'servers ms': performance.now() - whole });
      return world;
    } catch (error) {
      network.remove();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.network.heal();
    await this.installation.close();
    this.network.remove();
    await this.cluster.removeFiles();
  }

  /** From now on each server has FRESHNESS=strict, and the primary accepts no write without a synchronous standby. */
  async useStrictFreshness(): Promise<void> {
    await this.cluster.setStrict();
    this.#freshness = 'strict';
    for (const at of this.servers.keys()) await this.replaceServer(at);
  }

  /** Stops a server, and starts another in its place. */
  async replaceServer(at: number, settings: Settings = {}): Promise<void> {
    await this.servers[at]!.stop();
    this.servers[at] = await this.#startServer(this.sites[at]!, settings);
  }

  /** A new org with keys. */
  async newKeys(count: number): Promise<OrgKey[]> {
    return this.installation.storeKeys(await this.installation.newOrg(this.servers[0]!), count);
  }

  /** The answered writes that the primary doesn't have. */
  async lost(): Promise<string[]> {
    const lost: string[] = [];
    for (const written of this.written) lost.push(...(await written.lost(this.installation.database)));
    return lost;
  }

  async areTrusted(): Promise<void> {
    for (const server of this.servers) await server.is('trusted', ({ cache }) => cache.mode === 'trusted');
  }

  #startServer({ app, proxy }: Site, settings: Settings = {}): Promise<ServerProcess> {
    const DATABASE_URL = this.cluster.serverUrl(proxy.back);
    const all = { HOST: app.front, DATABASE_URL, FRESHNESS: this.#freshness, ...settings };
    return this.installation.startServer(all, { prefix: app.prefix });
  }

  async #startServers(): Promise<void> {
    for (let number = 1; number <= PROCESSES; number++) {
      const site = { app: this.network.addHost(`app${number}`), proxy: this.network.addHost(`proxy${number}`) };
      this.cluster.startProxy(site.proxy);
      this.sites.push(site);
    }
    const { front } = this.sites[0]!.proxy;
    await this.cluster.migrate(front);
    this.installation = await Installation.on({
      url: this.cluster.ownerUrl(front),
      serverUrl: this.cluster.serverUrl(front),
    });
    this.servers.push(...(await Promise.all(this.sites.map((site) => this.#startServer(site)))));
  }
}
