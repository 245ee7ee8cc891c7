import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestServer } from '../support/start-app.js';
import { SeededRandom } from './support/seeded-random.js';
import { stopClockOfLimits } from './support/stopped-limits.js';
import { AGED_RESOURCES, declareAged } from './support/aged-services.js';
import { type KeyState, randomState, type ScopeNames, storeTwins } from './support/twin-keys.js';
import { nativeScope, type Outcome, randomRequest, type TwinRequest, WaysIn } from './support/ways-in.js';

const STATES = 160;
const REQUESTS = 10_000;
const SHOWN_MAX = 5;

/** Repeats a run that failed: DECISION_SEED=123. */
const seed = Number(process.env['DECISION_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const random = new SeededRandom(seed);

// The busiest org reaches its limit, which its keys share.
const server = TestServer.forSuite({ LIMIT_ORG_PER_MINUTE: '500' });
let ways: WaysIn;

beforeAll(() => stopClockOfLimits(server));
afterAll(() => ways.close());

const NAMES: ScopeNames = {
  of: (state, way, action) =>
    way === 'native' ? nativeScope(state, action) : `${AGED_RESOURCES[state.service]}:${action}`,
};

/** The outcome with the scope of the service where the native route names its own. */
function translated(outcome: Outcome, state: KeyState): unknown {
  let text = JSON.stringify(outcome);
  for (const action of ['read', 'write'] as const) {
    text = text.replaceAll(nativeScope(state, action), NAMES.of(state, 'verify', action));
  }
  if (state.kind === 'pair' && outcome.status === 401) {
    text = text.replace('ApiKey realm=\\"gatehouse\\"', 'Bearer realm=\\"gatehouse\\", error=\\"invalid_token\\"');
  }
  return JSON.parse(text);
}

/** What introspection should say: the decision on a request that needs no scope. */
function isActive({ status, headers }: Outcome): boolean {
  return status === 200 || headers['www-authenticate']?.includes('insufficient_scope') === true;
}

async function differenceOf(request: TwinRequest): Promise<{ status: number; difference?: object }> {
  const [native, atProxy, verdict, active] = await Promise.all([
    ways.native(request),
    ways.forwardAuth(request),
    ways.verify(request),
    ways.introspection(request),
  ]);
  const { state } = request.twins;
  const expected = translated(native, state);
  const should = active === undefined ? undefined : state.kind !== 'pair' && isActive(native);
  const isSame = [atProxy, verdict].every((outcome) => JSON.stringify(outcome) === JSON.stringify(expected));
  const { status } = native;
  if (isSame && active === should) return { status };
  const { twins: _, ...asked } = request;
  return { status, difference: { state, asked, native: expected, atProxy, verdict, active } };
}

it('10,000 random requests get the same answer of a native route, forward-auth, verify and introspection', async () => {
  const earlier = await declareAged(server, 'earlier');
  const states = Array.from({ length: STATES }, () => randomState(random));
  const twins = await storeTwins(server, states, NAMES);
  const doors = {
    earlier,
    later: await declareAged(server, 'later'),
    'later-for-all': await declareAged(server, 'later-for-all'),
  };
  ways = new WaysIn(server.url, doors);

  const requests = Array.from({ length: REQUESTS }, () => randomRequest(random, random.of(twins)));
  const differences: object[] = [];
  const statuses = new Map<number, number>();
  // Keys of an org share windows, so the requests of an org are sent in turn.
  const lanes = Map.groupBy(requests, ({ twins: { state } }) => state.org);
  const inTurn = async (lane: readonly TwinRequest[]) => {
    for (const request of lane) {
      const { status, difference } = await differenceOf(request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (difference !== undefined) differences.push(difference);
    }
  };
  await Promise.all([...lanes.values()].map(inTurn));

  const shown = differences.slice(0, SHOWN_MAX);
  expect({ seed, differences: differences.length, shown }).toEqual({ seed, differences: 0, shown: [] });
  // Each guard had something to refuse.
  expect({ seed, statuses: [...statuses.keys()].sort() }).toEqual({ seed, statuses: [200, 401, 403, 429] });
});
