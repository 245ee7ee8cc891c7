import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admits } from '../../src/access/scopes/audience.js';
import { isAtLeast, ROLE_NAMES } from '../../src/access/scopes/roles.js';
import type { Answer } from '../support/http-client.js';
import type { TestOrg, TestServer } from '../support/start-app.js';
import { newAgent } from '../support/stored-keys.js';
import { privateWebhook } from '../support/workflows.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { malformedCredentials, misplacedCredentials } from './support/bad-credentials.js';
import {
  bearer,
  CredentialMaker,
  type Credentials,
  type Headers,
  type KeyKind,
  type Kind,
  KINDS,
} from './support/credentials.js';
import { inParallel } from './support/in-parallel.js';
import { distribute } from './support/in-turn.js';
import {
  forbidden,
  type Refusal,
  request,
  roleMissing,
  scopeMissing,
  unauthorized,
  wrongAnswers,
} from './support/refusals.js';
import { concretePath, type ServedRoute, startServer } from './support/served-routes.js';

const KIND_NAMES = Object.keys(KINDS) as Kind[];

let server: TestServer;
let maker: CredentialMaker;
/** The routes that are not public. */
let guarded: ServedRoute[];
let open: ServedRoute[];

beforeAll(async () => {
  const started = await startServer();
  server = started.server;
  open = started.routes.filter(({ policy }) => policy.audience === 'public');
  maker = await CredentialMaker.prepare(server);
  // The webhook must exist, because the server answers 404 before it authenticates.
  const token = await privateWebhook(server, maker.org);
  guarded = started.routes
    .filter(({ policy }) => policy.audience !== 'public')
    .map((route) => ({ ...route, path: route.path.replace(':webhook_token', token) }));
});
afterAll(() => server.close());

/** The kinds of credential that a route accepts. */
const kindsFor = ({ policy }: ServedRoute) => KIND_NAMES.filter((kind) => admits(policy.audience, KINDS[kind]));

type MadeByKind = Readonly<Record<Kind, Credentials>>;

async function ofEachKind(make: (kind: Kind) => Promise<Credentials>): Promise<MadeByKind> {
  const made = await inParallel(KIND_NAMES, async (kind) => [kind, await make(kind)]);
  return Object.fromEntries(made) as MadeByKind;
}

function allOf(made: MadeByKind, kinds: readonly Kind[] = KIND_NAMES): Credentials {
  return Object.assign({}, ...kinds.map((kind) => made[kind])) as Credentials;
}

/**
 * Distributes the credentials over the routes of each audience, because guards depend only on the audience. Each
 * credential is used on some route, and each route meets some of them.
 */
function distributeTo(routes: readonly ServedRoute[], credentials: Credentials, least: number) {
  const distributed = distribute(
    routes,
    ({ policy }) => policy.audience,
    () => Object.entries(credentials),
    least,
  );
  return (route: ServedRoute): Credentials => Object.fromEntries(distributed.get(route)!);
}

/** Lines about answers that differ from the expected refusal, 401 by default. */
function wrongRefusals(
  routes: readonly ServedRoute[],
  credentialsFor: (route: ServedRoute) => Credentials,
  refusalOf: (route: ServedRoute, headers: Headers) => Refusal = ({ policy }, sent) =>
    unauthorized(policy.audience, sent),
): Promise<string[]> {
  const attempts = routes.flatMap((route) => {
    const credentials = Object.entries(credentialsFor(route));
    if (credentials.length === 0) throw new Error(`No credential to try on ${route.name}`);
    return credentials.map(([what, headers]) => ({ route, what, headers, refusal: refusalOf(route, headers) }));
  });
  return wrongAnswers(server.url, attempts);
}

/** Calls every route that accepts this kind of credential. Returns a line for each wrong answer. */
async function wrongTo(
  kind: Kind,
  make: (org: TestOrg) => Promise<Headers>,
  isWrong: (answer: Answer) => boolean,
): Promise<string[]> {
  const renewed = async () => {
    const org = await server.newOrg(maker.org.partner);
    return { places: await maker.placesOf(org), headers: await make(org) };
  };
  let { places, headers } = await renewed();
  const lines: string[] = [];
  for (const route of guarded.filter((each) => kindsFor(each).includes(kind))) {
    const ask = () => request(server.url, route, headers, concretePath(route.path, places));
    let answer = await ask();
    if (isWrong(answer)) {
      // One of the routes archives the org, and one ends the session: try again with a new one.
      ({ places, headers } = await renewed());
      answer = await ask();
    }
    if (isWrong(answer)) lines.push(`${route.name}, ${kind}: ${answer.status}`);
  }
  return lines;
}

describe('on every route that is not public', () => {
  it('a valid credential passes the guards', async () => {
    const isRefused = ({ status }: Answer) => [401, 403, 429].includes(status) || status >= 500;
    const lines = await inParallel(KIND_NAMES, (kind) => wrongTo(kind, (org) => maker.good(kind, org), isRefused));
    expect(lines.flat()).toEqual([]);
  });

  it('a rotated credential passes too, and every answer says when it ends', async () => {
    const kinds = KIND_NAMES.filter((kind): kind is KeyKind => kind !== 'session');
    const isTold = ({ headers }: Answer) =>
      /^@\d+$/.test(String(headers['deprecation'])) && Date.parse(String(headers['sunset'])) > Date.now();
    const isWrong = (answer: Answer) => !isTold(answer) || answer.status === 401 || answer.status >= 500;
    const lines = await inParallel(kinds, (kind) => wrongTo(kind, (org) => maker.rotated(kind, org), isWrong));
    expect(lines.flat()).toEqual([]);
  });

  it('a missing credential is 401, also for HEAD', async () => {
    expect(await wrongRefusals(guarded, () => ({ nothing: {} }))).toEqual([]);
    const heads = guarded.filter(({ method }) => method === 'GET').map((route) => ({ ...route, method: 'HEAD' }));
    const statuses = await inParallel(heads, async (route) => [
      route.name,
      (await request(server.url, route, {})).status,
    ]);
    expect(statuses.filter(([, status]) => status !== 401)).toEqual([]);
  });

  it('a malformed credential is 401', async () => {
    const malformed = malformedCredentials(await maker.good('org JWT'));
    expect(await wrongRefusals(guarded, distributeTo(guarded, malformed, 3))).toEqual([]);
  });

  it('an unknown credential is 401 even if it is well formed and signed', async () => {
    const unknown = allOf(await ofEachKind((kind) => maker.unknown(kind)));
    expect(await wrongRefusals(guarded, distributeTo(guarded, unknown, 2))).toEqual([]);
  });

  it('a revoked credential is 401 even if it was used before', async () => {
    const revoked = await ofEachKind(async (kind) => ({ [`revoked ${kind}`]: await maker.revoked(kind) }));
    expect(await wrongRefusals(guarded, (route) => allOf(revoked, kindsFor(route)))).toEqual([]);
  });

  it('an expired credential is 401', async () => {
    const expired = await ofEachKind((kind) => maker.expired(kind));
    expect(await wrongRefusals(guarded, (route) => allOf(expired, kindsFor(route)))).toEqual([]);
  });

  it('a valid credential of another audience is 401, never 403', async () => {
    const good = await ofEachKind(async (kind) => ({ [kind]: await maker.good(kind) }));
    const othersOf = (route: ServedRoute) => KIND_NAMES.filter((kind) => !kindsFor(route).includes(kind));
    expect(await wrongRefusals(guarded, (route) => allOf(good, othersOf(route)))).toEqual([]);
  });

  it('a valid credential in the header of another kind is 401', async () => {
    const good = await ofEachKind(async (kind) => ({ [kind]: await maker.good(kind) }));
    const misplaced = misplacedCredentials(allOf(good));
    expect(await wrongRefusals(guarded, distributeTo(guarded, misplaced, 2))).toEqual([]);
  });

  it('a credential of an inactive partner or of its orgs is 401 even if it was used before', async () => {
    const made = await maker.orphaned(KIND_NAMES);
    const orphaned = await ofEachKind(async (kind) => {
      const headers = made.get(kind);
      return headers ? { [`${kind} of an inactive partner`]: headers } : {};
    });
    const ofPartners = guarded.filter(({ policy }) => policy.audience !== 'operator' && policy.audience !== 'service');
    expect(await wrongRefusals(ofPartners, (route) => allOf(orphaned, kindsFor(route)))).toEqual([]);
  });

  it('an address outside the allow list of the credential is 403, and the message names it', async () => {
    const bound = await ofEachKind(async (kind) =>
      kind === 'session' ? {} : { [`${kind} from elsewhere`]: await maker.fromElsewhere(kind) },
    );
    // Sessions may be used from any address.
    const keyed = guarded.filter(({ policy }) => policy.audience !== 'user');
    const notAllowed = forbidden('IP address 198.51.100.23 is not allowed.', 'ip_not_allowed');
    const refusals = {
      '198.51.100.23': notAllowed,
      '203.0.113.7, 198.51.100.23': notAllowed,
      '203.0.113.7, nonsense': forbidden('The client IP address could not be determined.', 'ip_undetermined'),
    };
    const here = () => forbidden('IP address 127.0.0.1 is not allowed.', 'ip_not_allowed');
    expect(await wrongRefusals(keyed, (route) => allOf(bound, kindsFor(route)), here)).toEqual([]);
    const chains = distribute(
      keyed,
      ({ policy }) => policy.audience,
      () => Object.entries(refusals),
      1,
    );
    const attempts = keyed.flatMap((route) =>
      Object.entries(allOf(bound, kindsFor(route))).flatMap(([what, sent]) =>
        chains.get(route)!.map(([chain, refusal]) => {
          return { route, what, headers: { ...sent, 'X-Forwarded-For': chain }, refusal };
        }),
      ),
    );
    expect(await wrongAnswers(server.url, attempts)).toEqual([]);
  });
});

it('a key with every scope but the required one is 403, and the message names the scope', async () => {
  const scoped = guarded.filter(({ policy }) => policy.scope !== undefined);
  const made: Record<string, Credentials> = {};
  const needs = new Map(scoped.map((route) => [`${route.policy.audience} ${route.policy.scope}`, route]));
  await inParallel([...needs], async ([need, route]) => {
    const kinds = kindsFor(route) as ('org key' | 'org JWT' | 'key + secret')[];
    const scope = route.policy.scope!;
    const lacking = await inParallel(kinds, async (kind) => [
      `${kind} without ${scope}`,
      await maker.lacking(kind, scope),
    ]);
    made[need] = Object.fromEntries(lacking) as Credentials;
  });
  const lackingFor = ({ policy }: ServedRoute) => made[`${policy.audience} ${policy.scope}`]!;
  expect(await wrongRefusals(scoped, lackingFor, ({ policy }) => scopeMissing(policy))).toEqual([]);
});

it('a member without the required role is 403 with the name of the role, before query and body are validated', async () => {
  const needy = guarded.filter(({ policy }) => policy.role !== undefined && policy.role !== 'Member');
  const sessions = new Map(await inParallel(ROLE_NAMES, async (role) => [role, await maker.sessionOf(role)] as const));
  const attempts = needy.flatMap((route) =>
    ROLE_NAMES.filter((role) => !isAtLeast(role, route.policy.role!)).map((role) => {
      const path = `${concretePath(route.path)}?no_such_parameter=1`;
      return { route, what: role, headers: sessions.get(role)!, refusal: roleMissing(route.policy), path };
    }),
  );
  expect(attempts.length).toBeGreaterThan(0);
  expect(await wrongAnswers(server.url, attempts)).toEqual([]);
});

it('a typed key with origins is 403 from another origin, without one and from the origin null', async () => {
  const own = await maker.forPages('*.example.com');
  const pages: Credentials = {
    'no page': {},
    'another page': { Origin: 'https://example.org' },
    'the domain above': { Origin: 'https://example.com' },
    'a page with the name in it': { Origin: 'https://app.example.com.evil.example' },
    'a hidden page': { Origin: 'null', Referer: 'https://app.example.com/' },
    'a page of another origin': { Referer: 'https://example.org/?app.example.com' },
  };
  const typed = guarded.filter(({ policy }) => admits(policy.audience, 'event'));
  const attempts = typed.flatMap((route) =>
    Object.entries(pages).map(([what, sent]) => {
      return {
        route,
        what,
        headers: { ...own, ...sent },
        refusal: forbidden('Origin is not allowed.', 'origin_not_allowed'),
      };
    }),
  );
  expect(attempts.length).toBeGreaterThan(0);
  expect(await wrongAnswers(server.url, attempts)).toEqual([]);
});

it('an org of another partner, an unknown id and a malformed id get the same 403, and an own archived org another one', async () => {
  const { partner } = maker.org;
  const [own, theirs, active] = [await server.newOrg(partner), await server.newOrg(), await server.newOrg()];
  for (const org of [own, theirs]) {
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}`).expect(204);
  }
  const notYours = forbidden('Org does not belong to this partner.', 'org_not_yours');
  const refusals = {
    [own.id]: forbidden('Org is archived.', 'org_archived'),
    [theirs.id]: notYours,
    [active.id]: notYours,
    [UNKNOWN_ID]: notYours,
    x: notYours,
    '%00': notYours,
  };
  const attempts = guarded
    .filter(({ path }) => path.includes(':orgId'))
    .flatMap((route) =>
      Object.entries(refusals).map(([orgId, refused]) => {
        const path = concretePath(route.path, { orgId });
        const refusal = { ...refused, isCharged: true };
        return { route, what: orgId, headers: bearer(partner.key), refusal, path };
      }),
    );
  expect(attempts.length).toBeGreaterThan(0);
  expect(await wrongAnswers(server.url, attempts)).toEqual([]);
});

it('any agent other than that of the key is the same 403, existing or not, before the body is read', async () => {
  const headers = await maker.good('key + secret');
  const elsewhere = await server.newOrg();
  const ids = {
    'of the same org': await newAgent(server, maker.org.id),
    'of another org': await maker.agentOf(elsewhere),
    unknown: UNKNOWN_ID,
    odd: 'x',
    nul: '%00',
  };
  const refusal = { ...forbidden('This API key is not valid for this agent.', 'agent_not_yours'), isCharged: true };
  const attempts = guarded
    .filter(({ policy }) => policy.audience === 'agent')
    .flatMap((route) =>
      Object.entries(ids).map(([what, agent_id]) => {
        return { route, what, headers, refusal, path: concretePath(route.path, { agent_id }) };
      }),
    );
  expect(attempts.length).toBeGreaterThan(0);
  expect(await wrongAnswers(server.url, attempts)).toEqual([]);
});

it('a public route ignores credentials', async () => {
  const credentials = { ...malformedCredentials(await maker.good('org JWT')), good: await maker.good('org key') };
  const distributed = distribute(
    open,
    ({ policy }) => policy.audience,
    () => Object.entries(credentials),
    3,
  );
  const lines = await inParallel(open, async (route) => {
    const { status } = await request(server.url, route, {});
    const others = await inParallel(distributed.get(route)!, async ([what, headers]) => {
      const answer = await request(server.url, route, headers);
      return answer.status === status ? [] : [`${route.name}, ${what}: ${answer.status}, not ${status}`];
    });
    return others.flat();
  });
  expect(lines.flat()).toEqual([]);
});
