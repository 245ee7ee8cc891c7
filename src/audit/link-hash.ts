import { hash } from 'node:crypto';
import type { AuditEntry } from './audit-entry.entity.js';

export const GENESIS_HASH = '0'.repeat(64);

/** The hash that binds an entry to all before it: SHA-256 of the previous hash and the entry's canonical JSON. */
export function linkHash(previousHash: string, { hash: _, ...entry }: Omit<AuditEntry, 'hash'> & { hash?: string }) {
  return hash('sha256', `${previousHash}\n${canonicalJson(entry)}`);
}

/** JSON with the keys of every object in order, for jsonb doesn't keep theirs. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
