import { test } from 'vitest';
import { FreezableProxy } from './freezable-proxy.js';
import { FreshnessDatabase, FreshnessProcess, type ProcessParts, type TestKey } from './freshness-process.js';

/** A separate database with its processes, so that tests can run concurrently. */
export class FreshnessWorld {
  private readonly proxies: FreezableProxy[] = [];
  private readonly processes: FreshnessProcess[] = [];

  constructor(readonly database: FreshnessDatabase) {}

  /** Resolves after the first attempt to register. */
  async start(parts: ProcessParts = {}): Promise<FreshnessProcess> {
    const process = await FreshnessProcess.start(this.database, parts);
    this.processes.push(process);
    return process;
  }

  async startTrusted(parts: ProcessParts = {}): Promise<FreshnessProcess> {
    const process = await this.start(parts);
    await process.trustedAgain();
    return process;
  }

  async proxy(): Promise<FreezableProxy> {
    const proxy = await FreezableProxy.start(this.database.serverUrl);
    this.proxies.push(proxy);
    return proxy;
  }

  async startBehindProxy(parts: ProcessParts = {}): Promise<{ proxy: FreezableProxy; process: FreshnessProcess }> {
    const proxy = await this.proxy();
    return { proxy, process: await this.startTrusted({ ...parts, url: proxy.url }) };
  }

  /** Creates keys that are cached by each process. */
  async warmKeys(count: number, ...processes: FreshnessProcess[]): Promise<TestKey[]> {
    const keys = await Promise.all(Array.from({ length: count }, () => this.database.addKey()));
    await this.database.waitUntilInForce();
    for (const process of processes) {
      await process.trustedAgain();
      for (const key of keys) await process.ask(key);
    }
    return keys;
  }

  async warmKey(...processes: FreshnessProcess[]): Promise<TestKey> {
    const [key] = await this.warmKeys(1, ...processes);
    return key!;
  }

  async close(): Promise<void> {
    // A lease behind a frozen proxy would stop only at its deadline.
    for (const proxy of this.proxies) proxy.thaw();
    await Promise.all(this.processes.map(({ lease }) => lease.stop()));
    await Promise.all(this.proxies.map((proxy) => proxy.stop()));
    await this.database.drop();
  }
}

export const freshnessTest = test.extend<{ world: FreshnessWorld }>({
  // Vitest reads the required fixtures from the pattern of the first parameter.
  // oxlint-disable-next-line no-empty-pattern
  world: async ({}, use) => {
    const world = new FreshnessWorld(await FreshnessDatabase.create());
    await use(world);
    await world.close();
  },
});
