import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** How a request ended: let in, sent away by a guard, or answered with another 4xx or with 5xx. */
export const OUTCOMES = ['allowed', 'denied', 'client_error', 'server_error'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * A request that was answered, or several of which this one was kept. Never a value of its path, its query, its body or
 * its headers besides User-Agent. No foreign keys: the entry outlives its key.
 */
@Entity('request_log')
@Index('request_log_org', ['org_id', 'id'])
@Index('request_log_partner', ['partner_id', 'id'])
@Index('request_log_key', ['api_key_id', 'id'])
@Index('request_log_request_id', ['request_id'])
@Index('request_log_org_credential', ['org_id', 'credential_id', 'id'], { where: 'credential_id IS NOT NULL' })
@Index('request_log_org_client', ['org_id', 'client_address', 'id'])
@Index('request_log_org_reason', ['org_id', 'reason', 'id'], { where: 'reason IS NOT NULL' })
@Index('request_log_org_route', ['org_id', 'route', 'id'])
@Index('request_log_org_service', ['org_id', 'service', 'id'], { where: 'service IS NOT NULL' })
@Index('request_log_org_outcome', ['org_id', 'outcome', 'status', 'id'])
@Index('request_log_org_method', ['org_id', 'method', 'id'])
export class RequestLogEntry {
  /** A UUID v7 of the time of `at`. The table is partitioned by it. */
  @PrimaryColumn('uuid')
  id: string;

  /** When it was answered. */
  @Column(TIMESTAMP)
  at: Date;

  /** As in `X-Request-Id`. */
  @Column('text')
  request_id: string;

  @Column('text')
  method: string;

  /** The template, such as `/contacts/{id}`; null: no route matches. */
  @Column('text', { nullable: true })
  route: string | null;

  /** The slug of the operator's service that was called; null: this server. */
  @Column('text', { nullable: true })
  service: string | null;

  @Column('smallint')
  status: number;

  @Column('text')
  outcome: Outcome;

  /** The error's code. */
  @Column('text', { nullable: true })
  code: string | null;

  /** The guard that sent it away. */
  @Column('text', { nullable: true })
  guard: string | null;

  /** Finer than the code; see `access/errors/refusal-reasons.ts`. */
  @Column('text', { nullable: true })
  reason: string | null;

  /** Of a guard's refusal. */
  @Column('text', { nullable: true })
  message: string | null;

  /** The key that was presented, also if it is revoked or expired. */
  @Column('uuid', { nullable: true })
  api_key_id: string | null;

  @Column('uuid', { nullable: true })
  credential_id: string | null;

  @Column('uuid', { nullable: true })
  org_id: string | null;

  @Column('uuid', { nullable: true })
  partner_id: string | null;

  /** The service whose key was presented. */
  @Column('uuid', { nullable: true })
  service_id: string | null;

  @Column('inet', { nullable: true })
  client_address: string | null;

  /** ISO 3166-1 alpha-2. */
  @Column('character', { length: 2, nullable: true })
  country: string | null;

  /** Cut, and without anything that looks like a credential. */
  @Column('text', { nullable: true })
  user_agent: string | null;

  @Column('real')
  duration_ms: number;

  /** The number of requests that this entry stands for. */
  @Column('integer')
  weight: number;
}
