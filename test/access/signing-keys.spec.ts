import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Changes } from '../../src/kit/audit/changes.js';
import { Database } from '../../src/core/database/database.js';
import { KeyRing } from '../../src/core/encryption/key-ring.js';
import { SecretBox } from '../../src/core/encryption/secret-box.js';
import { SIGNING_KEY_PURPOSE, SigningKeys } from '../../src/tenancy/signing-keys/signing-keys.service.js';
import { forge, honestParts, stolenIdentity } from '../support/forged-jwt.js';
import { TestServer } from '../support/start-app.js';
import { storeKey } from '../support/stored-keys.js';

const server = TestServer.forSuite();

async function publishedKeys(): Promise<Record<string, string>[]> {
  const { body } = await server.http.get('/.well-known/jwks.json').expect(200);
  return (body as { keys: Record<string, string>[] }).keys;
}

const kidOf = (token: string) => decodeProtectedHeader(token).kid;

describe('after a rotation', () => {
  it('old tokens stay valid, new tokens have the new kid, and both keys are published', async () => {
    const org = await server.newOrg();
    const before = (await server.newOrgKey(org)).key;
    const kid = await server.app.get(SigningKeys).rotate(OPERATOR);
    const after = (await server.newOrgKey(org)).key;

    expect(kidOf(after)).toBe(kid);
    expect(kidOf(before)).not.toBe(kid);
    for (const key of [before, after]) await server.as(key).get('/whoami').expect(200);
    await server.as(org.partner.key).get('/partner/v1/orgs').expect(200);

    const newest = await stolenIdentity(server);
    const { header, claims } = honestParts(newest, 'org', org.id);
    const misnamed = forge({ ...header, kid: kidOf(before) }, claims, newest.privateKey);
    await storeKey(server, { org_id: org.id }, { token: misnamed });
    await server.as(misnamed).get('/whoami').expect(401);

    const published = await publishedKeys();
    expect(published.map((key) => key['kid'])).toEqual([kid, kidOf(before)]);
    const shapes = published.map((key) => ({ ...key, kid: '', x: '' }));
    const shape = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: '', x: '' };
    expect(shapes).toEqual([shape, shape]);
  });
});

describe('under another ENCRYPTION_KEY', () => {
  it('issued tokens stay valid, and new ones can be issued after a rotation', async () => {
    const org = await server.newOrg();
    const before = (await server.newOrgKey(org)).key;
    const [database, changes] = [server.app.get(Database), server.app.get(Changes)];
    const other = new SigningKeys(database, new SecretBox(KeyRing.of(randomBytes(32))), changes);
    expect(await other.isSigned(before)).toBe(true);
    await expect(other.sign('org', org.id)).rejects.toThrow('ENCRYPTION_KEY');

    const kid = await other.rotate(OPERATOR);
    const after = await other.sign('org', org.id);
    expect(kidOf(after)).toBe(kid);
    expect([await other.isSigned(before), await other.isSigned(after)]).toEqual([true, true]);
    await server.app.get(SigningKeys).rotate(OPERATOR);
  });
});

describe('private signing keys', () => {
  it('are encrypted at rest, and in no response', async () => {
    await server.newPartner();
    const { privateKey } = await stolenIdentity(server);
    const secret = privateKey.export({ format: 'jwk' }).d!;
    const { rows } = await server.database.pool.query('select signing_keys::text as text from signing_keys');
    const texts = [...rows.map(({ text }) => text as string), JSON.stringify(await publishedKeys())];
    const forms = [secret, Buffer.from(secret, 'base64url').toString('hex'), Buffer.from(secret).toString('hex')];
    expect(texts.filter((text) => forms.some((form) => text.includes(form)))).toEqual([]);
  });

  it('are decrypted only with ENCRYPTION_KEY, for their purpose, and unchanged', async () => {
    await server.newPartner();
    const { rows } = await server.database.pool.query('select private_jwk_encrypted as sealed from signing_keys');
    const sealed = rows[0].sealed as Buffer;
    const changed = Buffer.from(sealed);
    changed[changed.length - 1]! ^= 1;
    const box = server.app.get(SecretBox);
    expect(JSON.parse(box.open(sealed, SIGNING_KEY_PURPOSE))).toMatchObject({ kty: 'OKP' });
    expect(() => new SecretBox(KeyRing.of(randomBytes(32))).open(sealed, SIGNING_KEY_PURPOSE)).toThrow();
    expect(() => box.open(sealed, 'integrations.credentials')).toThrow();
    expect(() => box.open(changed, SIGNING_KEY_PURPOSE)).toThrow();
  });
});
