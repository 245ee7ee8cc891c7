import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import type { Actor } from './actor.js';

export type Change = { readonly before: unknown; readonly after: unknown };

/** One administrative change. Append-only: triggers reject UPDATE and DELETE. */
@Entity('audit_entries')
@Index('audit_entries_chain', ['chain', 'sequence'], { unique: true })
@Index('audit_entries_org', ['org_id', 'id'])
@Index('audit_entries_org_target', ['org_id', 'target_id', 'id'])
@Index('audit_entries_org_actor', ['org_id', 'actor_id', 'id'])
@Index('audit_entries_org_action', ['org_id', 'action', 'id'])
@Index('audit_entries_org_created_at', ['org_id', 'created_at'])
export class AuditEntry {
  @PrimaryColumn('uuid')
  id: string;

  /** Null for targets without an org: partners, partner keys, signing keys. */
  @Column('uuid', { nullable: true })
  org_id: string | null;

  /** The org's id, or `installation`. Hashes link the entries of a chain. */
  @Column('text')
  chain: string;

  /** Per chain, from 1 without gaps. */
  @Column('integer')
  sequence: number;

  /** @example api_key.revoked */
  @Column('text')
  action: string;

  @Column('text')
  actor_type: Actor['type'];

  @Column('uuid', { nullable: true })
  actor_id: string | null;

  @Column('text')
  actor_name: string;

  @Column('text')
  target_type: string;

  @Column('uuid', { nullable: true })
  target_id: string | null;

  @Column('text')
  target_name: string;

  /** `{field: {before, after}}` */
  @Column('jsonb', { nullable: true })
  changes: object | null;

  @Column('text', { nullable: true })
  ip: string | null;

  @Column('text', { nullable: true })
  request_id: string | null;

  /** Hex hash of the previous hash and this entry. Version 1: SHA-256; 2: HMAC-SHA256 with the audit key `key_id`. */
  @Column('text')
  hash: string;

  @Column('smallint')
  version: number;

  @Column('uuid', { nullable: true })
  key_id: string | null;

  @Column(TIMESTAMP)
  created_at: Date;
}
