import { cpuNote, type Measured } from '../bench.ts';
import { bearer, readsOf, startGatehouse } from '../gatehouse.ts';
import { alternate, faster, spreadOver } from '../load.ts';
import { idOf, seedPairs, seedPartnerKey } from '../seed.ts';
import type { ServerProcess } from '../server-process.ts';

const KEYS = 32;

export const p4: Measured = {
  id: 'P4',
  title: 'each kind of credential',
  async measure(bench) {
    await using world = await bench.smallWorld();
    const { database } = world;
    const pairs = await seedPairs(database, KEYS, world.nextKey);
    const partnerKey = await seedPartnerKey(database, world.nextKey + KEYS);
    await using server = await startGatehouse(database.url);

    const headers = {
      opaque: world.keys.slice(0, KEYS).map(({ token }) => bearer(token)),
      jwt: (await mintJwtKeys(server, partnerKey)).map(bearer),
      pair: pairs.map(({ key, secret }) => ({ 'X-API-Key': key, 'X-API-Secret': secret })),
    };
    const reads = (kind: 'opaque' | 'jwt') => ({
      server,
      requests: spreadOver(readsOf(world.contacts, headers[kind])),
    });
    const whoami = (kind: keyof typeof headers) => ({
      server,
      requests: spreadOver(headers[kind].map((each) => ({ path: '/whoami', headers: each }))),
    });
    const read = await alternate({ jwt: reads('jwt'), opaque: reads('opaque') }, bench.pace);
    // The only route for all kinds of keys.
    const asked = await alternate({ pair: whoami('pair'), jwt: whoami('jwt'), opaque: whoami('opaque') }, bench.pace);
    const goal = { atLeast: 0.95 };
    return [
      {
        id: 'P4',
        what: 'P1 with a JWT key / with an opaque key',
        goal,
        ratio: faster(read.jwt, read.opaque),
        note: cpuNote(read),
      },
      {
        id: 'P4',
        what: 'GET /whoami with a warm key + secret / with an opaque key',
        goal,
        ratio: faster(asked.pair, asked.opaque),
        note: cpuNote(asked),
      },
      { id: 'P4', what: 'GET /whoami with a JWT key / with an opaque key', ratio: faster(asked.jwt, asked.opaque) },
    ];
  },
};

/** JWT keys, created through the Partner API. */
async function mintJwtKeys({ url }: ServerProcess, partnerKey: string): Promise<string[]> {
  const keys: string[] = [];
  while (keys.length < KEYS) {
    const answer = await fetch(`${url}/partner/v1/orgs/${idOf('org', 1)}/api-keys`, {
      method: 'POST',
      headers: { ...bearer(partnerKey), 'Content-Type': 'application/json' },
      body: JSON.stringify({ scopes: ['contacts:read', 'contacts:write'] }),
    });
    if (answer.status !== 201) throw new Error(`A JWT key was refused: ${await answer.text()}`);
    keys.push(((await answer.json()) as { api_key: string }).api_key);
  }
  return keys;
}
