import { setTimeout as sleep } from 'node:timers/promises';
import { failover, type Fault, type Figures } from './traffic.js';
import type { World } from './world.js';

/** The server that shares the fate of the primary in some faults. */
const NEIGHBOUR = 2;
/** Longer than a lease, so that the cut server gives up trust while the others revoke. */
const CUT_MS = 5_000;

const DIES: Fault = {
  name: 'the machine of the primary dies',
  run: failover(
    (_, primary) => primary.kill(),
    ({ cluster }, primary) => cluster.startNode(primary),
  ),
};

const CUT_OFF: Fault = {
  name: 'the machine of the primary is cut off',
  run: failover(
    ({ network }, primary) => network.cutOff(primary),
    ({ network }) => network.heal(),
  ),
};

const HANGS: Fault = {
  name: 'the machine of the primary hangs',
  run: failover(
    (_, primary) => primary.freeze(),
    (_, primary) => primary.thaw(),
  ),
};

const SWITCHOVER: Fault = {
  name: 'a planned switchover',
  run: failover(
    ({ cluster }) => cluster.switchOver(),
    () => undefined,
  ),
};

const SERVER_CUT_OFF: Fault = {
  name: 'a server is cut off from its HAProxy',
  run: cutOffServer,
};

const SITE_CUT_OFF: Fault = {
  name: 'the primary, an HAProxy and a server are cut off together',
  run: failover(
    ({ network, sites }, primary) => network.cutOff(primary, sites[NEIGHBOUR]!.proxy, sites[NEIGHBOUR]!.app),
    ({ network }) => network.heal(),
  ),
};

const SITE_PAUSED: Fault = {
  name: 'the primary, an HAProxy and a server are paused together',
  stops: [NEIGHBOUR],
  run: failover(
    ({ sites }, primary) => {
      for (const host of [primary, sites[NEIGHBOUR]!.proxy, sites[NEIGHBOUR]!.app]) host.freeze();
    },
    ({ sites }, primary) => {
      for (const host of [sites[NEIGHBOUR]!.app, sites[NEIGHBOUR]!.proxy, primary]) host.thaw();
    },
  ),
};

const cutOffWithoutPatroni = failover(
  ({ cluster, network, sites }, primary) => {
    cluster.pausePatroni(primary);
    network.cutOff(primary, sites[NEIGHBOUR]!.app);
  },
  ({ cluster, network }, primary) => {
    network.heal();
    cluster.resumePatroni(primary);
  },
);

export const CUT_OFF_WITHOUT_PATRONI: Fault = {
  name: 'the primary, whose Patroni hangs, and a server without HAProxy are cut off together',
  stops: [NEIGHBOUR],
  run: async (world, primary, seen) => {
    await world.replaceServer(NEIGHBOUR, { DATABASE_URL: world.cluster.serverUrl(primary.back) });
    const figures = await cutOffWithoutPatroni(world, primary, seen);
    // Until the old primary has stopped, HAProxy leads to both, and a start whose connection ends fails.
    await world.cluster.isWhole();
    await world.replaceServer(NEIGHBOUR);
    return figures;
  },
};

export const FAULTS_IN_CI: readonly Fault[] = [DIES, CUT_OFF];
export const ALL_FAULTS: readonly Fault[] = [...FAULTS_IN_CI, HANGS, SWITCHOVER, SERVER_CUT_OFF, SITE_CUT_OFF];
/** Patroni and HAProxy can't stop the old primary: only `FRESHNESS=strict` keeps its server from letting revoked keys in. */
export const UNFENCED_FAULTS: readonly Fault[] = [SITE_PAUSED, CUT_OFF_WITHOUT_PATRONI];

async function cutOffServer({ network, servers, sites }: World): Promise<Figures> {
  const [server] = servers;
  const beganAt = performance.now();
  network.cutOff(sites[0]!.app);
  await server!.is('deaf', ({ cache }) => cache.mode === 'deaf');
  const deafAt = performance.now();
  await sleep(CUT_MS);
  network.heal();
  const healedAt = performance.now();
  await server!.is('trusted', ({ cache }) => cache.mode === 'trusted');
  return { 'deaf after ms': deafAt - beganAt, 'trusted again ms after the cut': performance.now() - healedAt };
}
