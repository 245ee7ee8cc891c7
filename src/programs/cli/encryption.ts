import { randomBytes } from 'node:crypto';
import { Database } from '../../core/database/database.js';
import { isEmbeddedPostgresRunning } from '../../core/database/embedded-postgres/embedded-postgres.js';
import { countSeals, resealAll, type SealCount } from '../../core/database/sealed-rows.js';
import { KeyFile } from '../../core/encryption/key-file.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { defineCommand } from './command.js';
import { table } from './text.js';

export const encryptionNewKey = defineCommand({
  name: 'encryption new-key',
  summary: 'Create an encryption key: first in the key file of DATA_DIR, or printed for ENCRYPTION_KEY.',
  options: {},
  async run({ config }) {
    if (config.encryptionKey) {
      const key = randomBytes(32).toString('base64');
      return { json: { key }, text: `Not in use yet: docs/operations.md describes how to activate it.\n${key}` };
    }
    // A running server doesn't have the new key, so it couldn't decrypt what the next command encrypts.
    if (await isEmbeddedPostgresRunning(config.dataDir)) {
      throw new Error('The embedded Postgres is running: stop the server first');
    }
    const file = KeyFile.in(config.dataDir);
    await file.addNewKey();
    const text = `${file.path} has a new key. Start the server, then run "gatehouse encryption rotate".`;
    return { json: { file: file.path }, text };
  },
});

export const encryptionRotate = defineCommand({
  name: 'encryption rotate',
  summary: 'Encrypt every secret with the current encryption key, while servers run.',
  options: {},
  parts: { services: [], entities: [] },
  async run({ service }) {
    const database = await service(Database);
    const secretBox = await service(SecretBox);
    const done = await resealAll(database.dataSource, secretBox);
    const counts = await countSeals(database.query, secretBox);
    const tables = done.map((each, at) => ({ ...each, left: notCurrent(counts[at]!) }));
    const rows = tables.map((each) => [each.table, ...[each.resealed, each.left, each.unopened].map(String)]);
    const json = { tables };
    const text = table(['TABLE', 'RE-ENCRYPTED', 'LEFT', 'NOT DECRYPTED'], rows, '');
    const left = sumOf(tables.map((each) => each.left));
    if (left === 0) return { json, text };
    const unopened = sumOf(tables.map((each) => each.unopened));
    const advice =
      unopened > 0 ? 'add their keys to ENCRYPTION_KEYS_OLD' : 'check that every server has it, and run this again';
    return { json, text, problem: `secrets that are not encrypted with the current key: ${left}; ${advice}` };
  },
});

export const encryptionDropOldKeys = defineCommand({
  name: 'encryption drop-old-keys',
  summary: 'Remove unused old keys from the key file of DATA_DIR.',
  options: {},
  parts: { services: [], entities: [] },
  async run({ config, service }) {
    if (config.encryptionKey) throw new Error('ENCRYPTION_KEY is set: remove ENCRYPTION_KEYS_OLD from the settings');
    const counts = await countSeals((await service(Database)).query, await service(SecretBox));
    const left = sumOf(counts.map(notCurrent));
    if (left > 0)
      throw new Error(`${left} secrets are not encrypted with the current key: run "gatehouse encryption rotate"`);
    const dropped = await KeyFile.in(config.dataDir).dropOldKeys();
    return { json: { dropped }, text: `Old keys removed: ${dropped}.` };
  },
});

function notCurrent({ older, unknown, unmarked }: SealCount): number {
  return older + unknown + unmarked;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
