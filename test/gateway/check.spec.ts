import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Refusal, Refusals } from '../../src/access/guards/refusals.js';
import type { CheckView } from '../../src/insight/check/check.dto.js';
import { KeyChecks } from '../../src/insight/check/key-checks.service.js';
import { TestServer } from '../support/start-app.js';
import { storeCheckedKeys } from './support/checked-keys.js';
import {
  type CheckedRequest,
  CheckedSender,
  grantedScopes,
  questionOf,
  randomCheckedRequest,
} from './support/checked-requests.js';
import { SeededRandom } from './support/seeded-random.js';
import { stopClockOfLimits } from './support/stopped-limits.js';
import { AGED_RESOURCES, declareAged } from './support/aged-services.js';
import { randomState } from './support/twin-keys.js';

const KEYS = 2_500;
const REQUESTS = 10_000;
const SHOWN_MAX = 5;

/** Repeats a run that failed: CHECK_SEED=123. */
const seed = Number(process.env['CHECK_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const random = new SeededRandom(seed);

// The busiest orgs reach their limit, which their keys share.
const server = TestServer.forSuite({ LIMIT_ORG_PER_MINUTE: '400' });
/** Refusals of the server, by the id of the request. */
const refused = new Map<string, Refusal | undefined>();
let sender: CheckedSender;

beforeAll(() => {
  stopClockOfLimits(server);
  const refusals = server.app.get(Refusals);
  const count = refusals.count.bind(refusals);
  vi.spyOn(refusals, 'count').mockImplementation((error, request) => {
    count(error, request);
    if ('id' in request) refused.set(String(request.id), refusals.of(error));
  });
  sender = new CheckedSender(server.url);
});
afterAll(() => sender.close());

/** A route without authentication, besides the usual ones. */
const OPEN = { methods: ['GET'], path: '/open', needs: 'public', reason: 'a test' } as const;

interface Outcome {
  readonly status: number | 'passes';
  readonly reason: string | null;
}

/** Reasons that the server has before it asks any guard. */
const BEFORE_GUARDS = new Set<string | null>(['no_route', 'ambiguous_path']);

/** What the server would answer, as the check has it. */
function predicted({ allowed, status, guards }: CheckView): Outcome {
  if (allowed) return { status: 'passes', reason: null };
  const reasons = guards.flatMap(({ reason }) => reason ?? []);
  return { status, reason: reasons.find((reason) => BEFORE_GUARDS.has(reason)) ?? reasons[0]! };
}

/** What the server answered. */
function seen({ service }: CheckedRequest, { requestId, status }: { requestId: string; status: number }): Outcome {
  const reason = refused.get(requestId)?.reason;
  if (reason === undefined) {
    // A route of the server answers what it likes once the guards let the request pass.
    const isUnrouted = service === undefined && isWithoutRoute(requestId, status);
    return isUnrouted ? { status, reason: 'no_route' } : { status: 'passes', reason: null };
  }
  // Proxies pass no 400 on.
  return { status: reason === 'ambiguous_path' ? 400 : status, reason };
}

const unrouted = new Set<string>();
function isWithoutRoute(requestId: string, status: number): boolean {
  return unrouted.has(requestId) && (status === 404 || status === 405);
}

it('10,000 random requests of 2,500 random keys are answered as a check of the key says', async () => {
  const checks = server.app.get(KeyChecks, { strict: false });
  const earlier = await declareAged(server, 'earlier', [OPEN]);
  const states = Array.from({ length: KEYS }, () => randomState(random));
  const keys = await storeCheckedKeys(server, states, (state) =>
    grantedScopes({ state }, AGED_RESOURCES[state.service]),
  );
  const services = {
    earlier: earlier.slug,
    later: (await declareAged(server, 'later', [OPEN])).slug,
    'later-for-all': (await declareAged(server, 'later-for-all', [OPEN])).slug,
  };

  const requests = Array.from({ length: REQUESTS }, () => randomCheckedRequest(random, random.of(keys), services));
  const differences: object[] = [];
  const reasons = new Set<string>();
  const statuses = new Set<number | string>();
  const ask = async (request: CheckedRequest) => {
    const check = await checks.checkAny(request.key.id, questionOf(request));
    const answer = await sender.send(request);
    if (['/no/such/path', '/contacts'].includes(request.path) || request.path.startsWith('/workflows/webhooks/')) {
      unrouted.add(answer.requestId);
    }
    const [expected, actual] = [predicted(check), seen(request, answer)];
    statuses.add(actual.status);
    if (actual.reason !== null) reasons.add(actual.reason);
    if (JSON.stringify(expected) === JSON.stringify(actual)) return;
    differences.push({ expected, actual, status: answer.status, request, guards: check.guards });
  };
  // Keys of an org share windows, so the requests of an org are sent in turn.
  const lanes = Map.groupBy(requests, ({ key: { state } }) => state.org);
  await Promise.all(
    [...lanes.values()].map(async (lane) => {
      for (const request of lane) await ask(request);
    }),
  );

  const shown = differences.slice(0, SHOWN_MAX);
  expect({ seed, differences: differences.length, shown }).toEqual({ seed, differences: 0, shown: [] });
  // Each guard had something to refuse.
  expect({ seed, statuses: [...statuses].map(String).sort() }).toEqual({
    seed,
    statuses: ['400', '401', '403', '404', '405', '429', 'passes'],
  });
  expect({ seed, reasons: [...reasons].sort() }).toEqual({
    seed,
    reasons: [
      'address_not_allowed',
      'address_unknown',
      'agent_mismatch',
      'ambiguous_path',
      'audience_mismatch',
      'credential_missing',
      'credential_replaced',
      'key_expired',
      'key_revoked',
      'key_suspended',
      'no_route',
      'org_archived',
      'org_suspended',
      'origin_not_allowed',
      'partner_inactive',
      'rate_limited',
      'scope_missing',
    ],
  });
});
