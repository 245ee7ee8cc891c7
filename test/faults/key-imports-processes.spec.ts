import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf } from '../../src/access/credentials/credential-format.js';
import type { ImportedBatch } from '../../src/tenancy/key-imports/key-imports.dto.js';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { FOREIGN_FORMS, type ForeignKey } from '../support/key-imports.js';
import type { ServerProcess } from '../support/server-process.js';

const ROUNDS = 20;
/** Forms that the first use of a key changes. */
const FORMS = ['SHA-512 in hex', 'HMAC-SHA-256', 'SHA-256 of the secret behind a lookup part'];

let installation: Installation;
let one: ServerProcess;
let other: ServerProcess;
let orgId: string;
let client: HttpClient;
beforeAll(async () => {
  installation = await Installation.create();
  [one, other] = (await installation.startServers(2)) as [ServerProcess, ServerProcess];
  orgId = await installation.newOrg(one);
  client = new HttpClient();
});
afterAll(async () => {
  client.close();
  await installation.close();
});

async function importKey({ url }: ServerProcess, name: string, form: string): Promise<{ id: string; key: ForeignKey }> {
  const { set, make } = FOREIGN_FORMS[form]!;
  const key = await make();
  const body = { import: { name, ...set }, keys: [{ scopes: ['contacts:read'], ...key.row }] };
  const path = `/partner/v1/orgs/${orgId}/api-keys/import`;
  const answer = await installation.partner.ask(url, { method: 'POST', path, body });
  expect(answer.status).toBe(200);
  return { id: (JSON.parse(answer.body) as ImportedBatch).results[0]!.id!, key };
}

async function use({ url }: ServerProcess, { token }: ForeignKey): Promise<number> {
  return (await client.ask(url, { path: '/whoami', headers: { Authorization: `Bearer ${token}` } })).status;
}

test.each(FORMS)('once an import has answered, two processes accept the key at once, stored as %s', async (form) => {
  for (let round = 0; round < ROUNDS; round++) {
    const [here, there] = round % 2 === 0 ? [one, other] : [other, one];
    const { id, key } = await importKey(here, form, form);
    // The process that didn't import it has to know its form too.
    const first = await Promise.all([use(there, key), use(here, key), use(there, key), use(here, key)]);
    expect(first).toEqual([200, 200, 200, 200]);
    const { rows } = await installation.database.query(
      `SELECT digest, secret_hash, native_at IS NOT NULL AS is_native
       FROM key_credentials JOIN imported_keys USING (key_id) WHERE key_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ digest: digestOf(key.token), secret_hash: null, is_native: true }]);
    const revoked = await installation.partner.ask(here.url, {
      method: 'DELETE',
      path: `/partner/v1/orgs/${orgId}/api-keys/${id}`,
    });
    expect(revoked.status).toBe(204);
    expect(await Promise.all([use(there, key), use(here, key)])).toEqual([401, 401]);
  }
  expect([...one.complaints, ...other.complaints]).toEqual([]);
});
