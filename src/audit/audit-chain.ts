import { hash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { uuidV7 } from '../database/uuid-v7.js';
import type { Actor } from './actor.js';
import { AuditEntry, type Change } from './audit-entry.entity.js';

/** What happened, in the words of the feature that did it. */
export interface AuditRecord {
  /** Such as `api_key.revoked`. */
  readonly action: string;
  readonly orgId: string | null;
  readonly target: { readonly type: string; readonly id: string | null; readonly name: string };
  readonly changes?: Readonly<Record<string, Change>>;
}

export const GENESIS_HASH = '0'.repeat(64);

/** The chain of what belongs to no org. */
const INSTALLATION_CHAIN = 'installation';

/** Appends one entry to its chain. Takes the chain's lock until the transaction ends, so it comes last in it. */
export async function appendToChain(manager: EntityManager, actor: Actor, record: AuditRecord): Promise<void> {
  const chain = record.orgId ?? INSTALLATION_CHAIN;
  const [head] = (await manager.query(
    `INSERT INTO audit_heads (chain, sequence, hash) VALUES ($1, 1, $2)
     ON CONFLICT (chain) DO UPDATE SET sequence = audit_heads.sequence + 1
     RETURNING sequence, hash`,
    [chain, GENESIS_HASH],
  )) as [{ sequence: number; hash: string }];
  const entry: Omit<AuditEntry, 'hash'> = {
    id: uuidV7(),
    // A new row's missing column is undefined, which JSON leaves out; read back it is null, and hashes otherwise.
    org_id: record.orgId ?? null,
    chain,
    sequence: head.sequence,
    action: record.action,
    actor_type: actor.type,
    actor_id: actor.id,
    actor_name: actor.name,
    target_type: record.target.type,
    target_id: record.target.id,
    target_name: record.target.name,
    changes: record.changes ?? null,
    ip: actor.ip,
    request_id: actor.requestId,
    created_at: new Date(),
  };
  const linked = { ...entry, hash: linkHash(head.hash, entry) };
  await manager.insert(AuditEntry, linked);
  await manager.query('UPDATE audit_heads SET hash = $2 WHERE chain = $1', [chain, linked.hash]);
}

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
