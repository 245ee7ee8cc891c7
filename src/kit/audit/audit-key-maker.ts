import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { type Actor, SYSTEM } from './actor.js';
import { AuditChains } from './audit-chains.js';
import type { AuditHead } from './audit-head.entity.js';
import { AuditKey, type HeadPosition } from './audit-key.js';
import { AUDIT_KEY_PURPOSE, AuditKeys } from './audit-keys.js';

/** Arbitrary, but unique among transaction-level advisory locks. */
const KEY_LOCK = 7_203_118_056;

/** True if an audit key exists or a head was signed with one. */
const WAS_KEYED = `
  SELECT EXISTS (SELECT FROM audit_keys) OR EXISTS (SELECT FROM audit_heads WHERE key_id IS NOT NULL) AS was_keyed`;

const ORGS_WITHOUT_CHAIN = `
  SELECT id, name FROM orgs WHERE NOT EXISTS (SELECT FROM audit_heads WHERE chain = orgs.id::text) ORDER BY id`;

const SET_MACS = `
  UPDATE audit_heads SET key_id = $1, mac = given.mac
  FROM unnest($2::text[], $3::text[]) AS given (chain, mac) WHERE audit_heads.chain = given.chain`;

/** Creates audit keys: the first at startup, others on the operator's command. */
@Injectable()
export class AuditKeyMaker implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
    private readonly keys: AuditKeys,
    private readonly chains: AuditChains,
  ) {}

  /**
   * Creates the first key of an installation and signs the heads as they are. If keys existed but were deleted, it
   * creates none, because that would hide the deletion.
   */
  async onModuleInit(): Promise<void> {
    if (await wasKeyed(this.database.manager)) return;
    await this.#make(SYSTEM, async (manager, key) => {
      if (await wasKeyed(manager)) return false;
      for (const { id, name } of await manager.query<{ id: string; name: string }[]>(ORGS_WITHOUT_CHAIN)) {
        this.chains.append(manager, SYSTEM, {
          action: 'audit.started',
          orgId: id,
          target: { type: 'org', id, name },
        });
      }
      await this.#signHeads(manager, key, (head) => head.key_id === null);
      return true;
    });
  }

  /** Replaces a key that can't be decrypted any more. @returns the id of the new key */
  async makeAnother(actor: Actor): Promise<string> {
    return this.#make(actor, async (manager, key) => {
      const opened = await this.keys.read(manager);
      await this.#signHeads(manager, key, ({ key_id }) => key_id !== null && opened.find(key_id) === undefined);
      return true;
    });
  }

  async #make(actor: Actor, begin: (manager: EntityManager, key: AuditKey) => Promise<boolean>): Promise<string> {
    const secret = randomBytes(32);
    const key = new AuditKey(uuidV7(), secret);
    try {
      await inTransaction(this.database.dataSource, async (manager) => {
        await manager.query('SELECT pg_advisory_xact_lock($1)', [KEY_LOCK]);
        if (!(await begin(manager, key))) return;
        const sealed = this.secretBox.seal(secret.toString('base64'), AUDIT_KEY_PURPOSE);
        await manager.query('INSERT INTO audit_keys (id, sealed_key, created_at) VALUES ($1, $2, now())', [
          key.id,
          sealed,
        ]);
        this.keys.forget();
        const target = { type: 'audit_key', id: key.id, name: key.id };
        this.chains.append(manager, actor, { action: 'audit_key.created', orgId: null, target });
      });
    } finally {
      // The cached ring comes from the transaction, which may have failed.
      this.keys.forget();
    }
    return key.id;
  }

  /** Signs heads without verifying their chains. */
  async #signHeads(manager: EntityManager, key: AuditKey, isIncluded: (head: AuditHead) => boolean): Promise<void> {
    const heads = await manager.query<AuditHead[]>(
      'SELECT chain, sequence, hash, key_id, mac FROM audit_heads ORDER BY chain COLLATE "C" FOR UPDATE',
    );
    const included: HeadPosition[] = heads.filter(isIncluded);
    await manager.query(SET_MACS, [
      key.id,
      included.map(({ chain }) => chain),
      included.map((head) => key.headMac(head)),
    ]);
  }
}

async function wasKeyed(manager: EntityManager): Promise<boolean> {
  const [row] = await manager.query<{ was_keyed: boolean }[]>(WAS_KEYED);
  return row!.was_keyed;
}
