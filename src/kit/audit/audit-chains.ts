import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { beforeCommit, takeTurn } from '../../core/database/transaction.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import type { Actor } from './actor.js';
import type { AuditEntry, Change } from './audit-entry.entity.js';
import type { AuditHead } from './audit-head.entity.js';
import { type AuditKey, GENESIS_HASH, type HeadPosition, KEYED_VERSION } from './audit-key.js';
import { AuditKeys } from './audit-keys.js';

/** The part of an audit entry that the feature supplies. */
export interface AuditRecord {
  /** @example api_key.revoked */
  readonly action: string;
  readonly orgId: string | null;
  /** Of a record without an org: the partner that it is about. It isn't part of the entry. */
  readonly partnerId?: string | null;
  readonly target: { readonly type: string; readonly id: string | null; readonly name: string };
  readonly changes?: Readonly<Record<string, Change>>;
}

/** The chain of entries without an org. */
export const INSTALLATION_CHAIN = 'installation';

/** Locks heads in a fixed order, so that transactions with several chains can't deadlock. */
const LOCK_HEADS = `
  INSERT INTO audit_heads (chain, sequence, hash, updated_at)
  SELECT chain, 0, $2, now() FROM unnest($1::text[]) AS chain ORDER BY chain COLLATE "C"
  ON CONFLICT (chain) DO UPDATE SET sequence = audit_heads.sequence
  RETURNING chain, sequence, hash, key_id, mac`;

const APPEND = `
  WITH appended AS (INSERT INTO audit_entries SELECT * FROM jsonb_populate_recordset(NULL::audit_entries, $1::jsonb))
  UPDATE audit_heads SET sequence = head.sequence, hash = head.hash, key_id = head.key_id, mac = head.mac,
    updated_at = now()
  FROM jsonb_populate_recordset(NULL::audit_heads, $2::jsonb) head WHERE audit_heads.chain = head.chain`;

/** A record of a transaction, with its actor. */
export interface Recorded {
  readonly actor: Actor;
  readonly record: AuditRecord;
}

/** Gets all records of a transaction at once, before its COMMIT. An error rolls the transaction back. */
export type RecordListener = (manager: EntityManager, recorded: readonly Recorded[]) => Promise<void>;

type Head = Omit<AuditHead, 'updated_at'>;

/** Appends entries to the chains of orgs and of the installation. */
@Injectable()
export class AuditChains {
  readonly #pending = new WeakMap<EntityManager, Recorded[]>();
  readonly #listeners: RecordListener[] = [];

  constructor(
    private readonly keys: AuditKeys,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** To be called before the server starts. */
  listen(listener: RecordListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Appends an entry right before COMMIT. All changes of an org contend for the lock of its chain, so the transaction
   * takes it after all other writes and holds it for one statement and COMMIT.
   * @param manager of an open transaction
   */
  append(manager: EntityManager, actor: Actor, record: AuditRecord): void {
    const pending = this.#pending.get(manager);
    if (pending) {
      pending.push({ actor, record });
      return;
    }
    const first = [{ actor, record }];
    this.#pending.set(manager, first);
    beforeCommit(manager, () => this.#write(manager, first));
  }

  async #write(manager: EntityManager, pending: readonly Recorded[]): Promise<void> {
    for (const listener of this.#listeners) await listener(manager, pending);
    const { current } = await this.keys.ring(manager);
    const chains = [...new Set(pending.map(({ record }) => chainOf(record)))].sort();
    for (const chain of chains) await takeTurn(manager, 'chain', chain);
    const heads = new Map<string, HeadPosition>();
    for (const head of await manager.query<Head[]>(LOCK_HEADS, [chains, GENESIS_HASH])) {
      heads.set(head.chain, await this.#continued(manager, head));
    }
    const entries = pending.map(({ actor, record }) => {
      const entry = entryAfter(heads.get(chainOf(record))!, current, actor, record);
      heads.set(entry.chain, entry);
      return entry;
    });
    const ends = [...heads.values()].map(({ chain, sequence, hash }) => {
      const head = { chain, sequence, hash };
      return { ...head, key_id: current.id, mac: current.headMac(head) };
    });
    await manager.query(APPEND, [JSON.stringify(entries), JSON.stringify(ends)]);
  }

  /** Returns the head to continue. A chain with a forged head still grows, but never verifies again. */
  async #continued(manager: EntityManager, { key_id, mac, ...head }: Head): Promise<HeadPosition> {
    if (head.sequence === 0 && head.hash === GENESIS_HASH) return head;
    const ring = await this.keys.ring(manager);
    const key = ring.find(key_id) ?? (await this.keys.read(manager)).find(key_id);
    if (key?.isHeadMac(head, mac)) return head;
    this.log.error({ chain: head.chain, sequence: head.sequence }, 'the head of an audit chain was altered');
    return { ...head, hash: `unverified ${head.hash}` };
  }
}

function chainOf({ orgId }: AuditRecord): string {
  return orgId ?? INSTALLATION_CHAIN;
}

function entryAfter(
  head: HeadPosition,
  key: AuditKey,
  actor: Actor,
  { action, orgId, target, changes }: AuditRecord,
): AuditEntry {
  const entry = {
    id: uuidV7(),
    // JSON omits undefined, but the stored column reads back as null, which would change the hash.
    org_id: orgId ?? null,
    chain: head.chain,
    sequence: head.sequence + 1,
    action,
    actor_type: actor.type,
    actor_id: actor.id,
    actor_name: actor.name,
    target_type: target.type,
    target_id: target.id,
    target_name: target.name,
    changes: changes ?? null,
    ip: actor.ip,
    request_id: actor.requestId,
    created_at: new Date(),
    version: KEYED_VERSION,
    key_id: key.id,
  };
  return { ...entry, hash: key.linkHash(head.hash, entry) };
}
