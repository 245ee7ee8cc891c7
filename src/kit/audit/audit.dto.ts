import { About, Field } from '../../core/wire/field.js';
import { INSTANT, listOf, mapOf, nullable, TEXT, UUID } from '../../core/wire/schema.js';
import type { Change } from './audit-entry.entity.js';

/** The actor or the target of an entry. */
export class AuditParty {
  @Field(TEXT)
  type: string;

  @Field(nullable(UUID))
  id: string | null;

  @Field(TEXT)
  name: string;
}

export class AuditActors {
  @About('By name. Without an id: the operator, or the server itself, to be filtered by `actor_type`.')
  @Field(listOf(AuditParty))
  items: AuditParty[];
}

const CHANGE = { type: 'object', required: ['before', 'after'], properties: { before: {}, after: {} } };

/** One administrative change [S4: action, user, date]. */
export class AuditEntryView {
  @Field(UUID)
  id: string;

  @Field(INSTANT)
  created_at: string;

  /** @example api_key.revoked */
  @Field(TEXT)
  action: string;

  @Field()
  actor: AuditParty;

  @Field()
  target: AuditParty;

  /** By field. */
  @Field(nullable(mapOf(CHANGE)))
  changes: Record<string, Change> | null;

  @Field(nullable(TEXT))
  ip: string | null;

  @Field(nullable(TEXT))
  request_id: string | null;
}
