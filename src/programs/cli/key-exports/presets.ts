import { csvKey, unknownColumns } from './csv-key.js';
import { betterAuthKey } from './better-auth.js';
import type { ExportedKey } from './exported-key.js';
import { kongKeys } from './kong.js';
import { readDocument, readRecords, UnreadableExport } from './read-export.js';
import { unkeyKey } from './unkey.js';

/** What is known of a product's exports. */
export interface Preset {
  /** How the tokens look, unless options say otherwise. */
  readonly tokens: { readonly min_length: number; readonly max_length: number; readonly alphabet: string };
  read(path: string): AsyncGenerator<ExportedKey>;
}

const WIDE = { min_length: 16, max_length: 512, alphabet: 'visible' };

export const PRESETS: Readonly<Record<string, Preset>> = {
  'better-auth': {
    // 64 letters, after a prefix that is chosen per key.
    tokens: { min_length: 32, max_length: 128, alphabet: 'base64url' },
    async *read(path) {
      for await (const record of readRecords(path)) yield betterAuthKey(record);
    },
  },
  unkey: {
    // Base58 of at least 16 bytes, after a prefix that is chosen per key.
    tokens: { min_length: 20, max_length: 512, alphabet: 'base64url' },
    async *read(path) {
      for await (const record of readRecords(path)) {
        const key = unkeyKey(record);
        if (key) yield key;
      }
    },
  },
  kong: {
    tokens: WIDE,
    async *read(path) {
      yield* kongKeys(await readDocument(path));
    },
  },
  csv: {
    tokens: WIDE,
    async *read(path) {
      let isFirst = true;
      for await (const record of readRecords(path)) {
        const unknown = isFirst ? unknownColumns(record) : [];
        if (unknown.length > 0) throw new UnreadableExport(`${path} has unknown columns: ${unknown.join(', ')}`);
        isFirst = false;
        yield csvKey(record);
      }
    },
  },
};
