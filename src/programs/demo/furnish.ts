import { Gatehouse, type components } from '../../../sdk/src/index.js';
import type { Database } from '../../core/database/database.js';
import { DEMO_KEYS, type DemoKey } from './demo-keys.js';
import type { UsageHabit } from './made-up-usage.js';
import { storeUsage } from './store-usage.js';

/** The demo's org, and the clients that act on it. */
export interface Stage {
  readonly url: string;
  readonly orgId: string;
  readonly partner: Gatehouse;
  readonly owner: Gatehouse;
}

export const ADMIN = { email: 'ada@acmetours.example', name: 'Ada Okafor' };
const MEMBER = { email: 'max@acmetours.example', name: 'Max Lindqvist' };
const FORMER = { email: 'temp@acmetours.example', name: 'Tess Moreau' };
const DAY_MS = 86_400_000;

type Key = components['schemas']['ManagedKey'];

/**
 * Fills the org with data for the dashboard. Every change goes through the API call that the dashboard would make, so
 * the audit log is real. Only the 30 days of usage are generated and inserted by SQL.
 */
export async function furnish(stage: Stage, database: Database): Promise<void> {
  const admin = await addPeople(stage);
  const agentId = await addAgents(admin);
  await stage.owner.patch('/manage/v1/org', {
    body: {
      website: 'https://www.acmetours.example',
      ai_instructions: 'Be brief. Prices only ever from the tour list.',
    },
  });
  const callers = { owner: stage.owner, admin };
  const keys = new Map<string, Key>();
  for (const demoKey of DEMO_KEYS) {
    keys.set(demoKey.settings.name, await addKey(callers[demoKey.by], demoKey, agentId));
  }
  await changeKeys(callers, keys);
  await storeUsage(database, stage.orgId, await habitsOf(stage.owner, keys));
}

/**
 * Returns a client that sends a session cookie, as a browser does.
 * @param cookie `name=value`
 */
export function signedIn(url: string, cookie: string): Gatehouse {
  return new Gatehouse({
    url,
    session: true,
    fetch: (request) => {
      request.headers.set('Cookie', cookie);
      return fetch(request);
    },
  });
}

async function addPeople({ url, orgId, partner, owner }: Stage): Promise<Gatehouse> {
  const roles = (await owner.get('/manage/v1/roles')).items;
  const roleId = (name: string) => roles.find((role) => role.name === name)!.id;
  const add = (person: typeof MEMBER, role: string) =>
    owner.post('/manage/v1/members', { body: { ...person, role_id: roleId(role) } });
  const { user_id } = await add(ADMIN, 'Member');
  await add(MEMBER, 'Member');
  await owner.patch('/manage/v1/members/{user_id}', {
    params: { path: { user_id } },
    body: { role_id: roleId('Admin') },
  });
  const former = await add(FORMER, 'Admin');
  await owner.delete('/manage/v1/members/{user_id}', { params: { path: { user_id: former.user_id } } });

  const link = await partner.post('/partner/v1/orgs/{orgId}/login-links', { params: { path: { orgId } }, body: ADMIN });
  const { headers } = await fetch(link.url, { redirect: 'manual' });
  return signedIn(url, headers.getSetCookie()[0]!.split(';', 1)[0]!);
}

/** @returns the id of the agent that gets keys */
async function addAgents(admin: Gatehouse): Promise<string> {
  const frontDesk = await admin.post('/manage/v1/agents', {
    body: { name: 'Front desk', greeting: 'Welcome to Acme Tours! Where would you like to go?' },
  });
  const afterHours = await admin.post('/manage/v1/agents', {
    body: { name: 'After hours', greeting: 'We open at eight. What may I write down for my colleagues?' },
  });
  const paused = { params: { path: { id: afterHours.id } }, body: { status: 'paused' } } as const;
  await admin.patch('/manage/v1/agents/{id}', paused);
  return frontDesk.id;
}

async function addKey(caller: Gatehouse, { settings, isStored, endsInMs }: DemoKey, agentId: string): Promise<Key> {
  const body = {
    ...settings,
    ...(settings.kind === 'key_secret' && { agent_id: agentId }),
    ...(endsInMs !== undefined && { expires_at: new Date(Date.now() + endsInMs).toISOString() }),
  };
  const { api_key: _key, api_secret: _secret, ...key } = await caller.post('/manage/v1/api-keys', { body });
  if (isStored !== false) await pathed(caller, '/manage/v1/api-keys/{id}/acknowledge', key);
  return key;
}

/** Edits, rotates and revokes keys, so that the audit log has entries of each kind. */
async function changeKeys(
  { owner, admin }: Record<DemoKey['by'], Gatehouse>,
  keys: ReadonlyMap<string, Key>,
): Promise<void> {
  const edit = (caller: Gatehouse, name: string, body: components['schemas']['UpdateApiKeyDto']) =>
    caller.patch('/manage/v1/api-keys/{id}', { params: { path: { id: keys.get(name)!.id } }, body });
  await edit(admin, 'CRM sync', { scopes: ['contacts:read', 'contacts:write', 'leads:read', 'tags:read'] });
  await edit(owner, 'CRM sync', { rate_limit: { per_minute: 120 } });
  await edit(owner, 'Quarterly report', { expires_at: new Date(Date.now() + 9 * DAY_MS).toISOString() });
  await edit(admin, 'Call center', { description: 'Events of the contact center in Porto, through OpenConnect.' });
  const mobile = { path: { id: keys.get('Mobile app backend')!.id } };
  await owner.post('/manage/v1/api-keys/{id}/rotate', { params: mobile, body: { grace_seconds: 604_800 } });
  await pathed(owner, '/manage/v1/api-keys/{id}/acknowledge', keys.get('Mobile app backend')!);
  await pathed(owner, '/manage/v1/api-keys/{id}/revoke', keys.get('Old website')!);
}

function pathed(
  caller: Gatehouse,
  path: '/manage/v1/api-keys/{id}/acknowledge' | '/manage/v1/api-keys/{id}/revoke',
  { id }: Key,
): Promise<Key> {
  return caller.post(path, { params: { path: { id } } });
}

/** The usage of each key by id, with the key that the partner created before. */
async function habitsOf(owner: Gatehouse, keys: ReadonlyMap<string, Key>): Promise<Map<string, UsageHabit>> {
  const { items } = await owner.get('/manage/v1/api-keys');
  const production = items.find(({ name }) => name === 'Production')!;
  const used = DEMO_KEYS.flatMap(({ settings, habit }: DemoKey): [string, UsageHabit][] =>
    habit ? [[keys.get(settings.name)!.id, habit]] : [],
  );
  return new Map([...used, [production.id, { requestsPerDay: 21_000, rhythm: 'always', refusedShare: 0.01 }]]);
}
