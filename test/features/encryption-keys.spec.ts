import { createCipheriv, randomBytes } from 'node:crypto';
import { getMetadataArgsStorage } from 'typeorm';
import { expect, test } from 'vitest';
import { KeyRing } from '../../src/core/encryption/key-ring.js';
import { SecretBox } from '../../src/core/encryption/secret-box.js';
import { SEALED_PLACES } from '../../src/core/encryption/sealed-columns.js';
import { ENTITIES } from '../../src/entities.js';
import { SIGNING_KEY_PURPOSE } from '../../src/tenancy/signing-keys/signing-keys.service.js';
import { gatehouse } from '../support/gatehouse.js';
import { TestServer } from '../support/start-app.js';

const [OLD, NEXT] = [randomBytes(32), randomBytes(32)];
/** Binary columns without encryption, and why. */
const NOT_SEALED: Readonly<Record<string, string>> = {
  'chat_attachments.content': 'what came with a message, shown to who reads the history',
  'stored_files.sha256': 'a checksum of the content',
};

const server = TestServer.forSuite({ ENCRYPTION_KEY: OLD.toString('base64') });

const sql = (text: string, values: unknown[] = []) => server.database.pool.query(text, values);
const encryption = async (keys: readonly Buffer[], ...args: string[]) => {
  const [current, ...others] = keys.map((key) => key.toString('base64'));
  const settings = { ENCRYPTION_KEY: current, ENCRYPTION_KEYS_OLD: others.join(',') };
  return gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ...settings }, ...args);
};
async function rotate(...keys: Buffer[]) {
  const { code, stdout, stderr } = await encryption(keys, 'encryption', 'rotate', '--json');
  const { tables } = JSON.parse(stdout) as { tables: { table: string; resealed: number; left: number }[] };
  return { code, stderr, signingKeys: tables.find(({ table }) => table === 'signing_keys') };
}
async function doctorOn(...keys: Buffer[]) {
  const { stdout } = await encryption(keys, 'doctor', '--json');
  const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean; detail: string }[] };
  return checks.find(({ name }) => name === 'encryption');
}

test('every column of bytes is part of the rotation, or listed as not encrypted', () => {
  const entities = new Set<unknown>(ENTITIES);
  const tableOf = (target: unknown) => getMetadataArgsStorage().tables.find((each) => each.target === target)?.name;
  const columns = getMetadataArgsStorage()
    .columns.filter(({ target, options }) => entities.has(target) && options.type === 'bytea')
    .map(({ target, options, propertyName }) => `${String(tableOf(target))}.${options.name ?? propertyName}`);
  const known = SEALED_PLACES.map(({ table, column }) => `${table}.${column}`);
  expect(columns.sort()).toEqual([...known, ...Object.keys(NOT_SEALED)].sort());
});

test('values encrypted without a key id are decrypted, counted, and encrypted with the current key', async () => {
  await server.newPartner();
  const { rows } = await sql('SELECT kid, private_jwk_encrypted AS sealed FROM signing_keys');
  const text = new SecretBox(KeyRing.of(OLD)).open(rows[0].sealed, SIGNING_KEY_PURPOSE);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', OLD, nonce).setAAD(Buffer.from(SIGNING_KEY_PURPOSE));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const unmarked = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
  await sql('UPDATE signing_keys SET private_jwk_encrypted = $1 WHERE kid = $2', [unmarked, rows[0].kid]);
  await server.newPartner();
  expect(await doctorOn(OLD)).toMatchObject({ ok: true, detail: expect.stringContaining('1 in signing_keys') });

  expect(await rotate(NEXT, OLD)).toMatchObject({ code: 0, stderr: '', signingKeys: { resealed: 1, left: 0 } });
  expect(await doctorOn(NEXT)).toMatchObject({ ok: true, detail: 'every secret is encrypted with the current key' });
  expect(await rotate(NEXT)).toMatchObject({ code: 0, signingKeys: { resealed: 0, left: 0 } });
  expect(await rotate(OLD, NEXT)).toMatchObject({ code: 0, signingKeys: { resealed: 1, left: 0 } });
});

test('a locked row is skipped, and the command says that it must be run again', async () => {
  await server.newPartner();
  const holder = await server.database.pool.connect();
  await holder.query('BEGIN; SELECT kid FROM signing_keys FOR UPDATE');
  const held = await rotate(NEXT, OLD).finally(() => holder.query('ROLLBACK'));
  holder.release();
  expect(held).toMatchObject({ code: 1, signingKeys: { resealed: 0, left: 1 } });
  expect(held.stderr).toContain('run this again');
  expect(await rotate(NEXT, OLD)).toMatchObject({ code: 0, signingKeys: { resealed: 1, left: 0 } });
  await rotate(OLD, NEXT);
});

test('a secret with an unknown key stays unchanged, and the command and the doctor report it', async () => {
  await server.newPartner();
  const before = await sql('SELECT private_jwk_encrypted FROM signing_keys');
  const lost = await rotate(NEXT);
  expect(lost).toMatchObject({ code: 1, signingKeys: { resealed: 0, left: 1 } });
  expect(lost.stderr).toContain('ENCRYPTION_KEYS_OLD');
  expect(await doctorOn(NEXT)).toMatchObject({ ok: false, detail: expect.stringContaining('1 in signing_keys') });
  expect((await sql('SELECT private_jwk_encrypted FROM signing_keys')).rows).toEqual(before.rows);
});
