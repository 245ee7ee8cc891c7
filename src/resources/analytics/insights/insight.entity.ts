import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { Field } from '../../../core/wire/field.js';
import { nullable, oneOf } from '../../../core/wire/schema.js';
import { HANDOFF_REASONS, type HandoffReason } from '../../conversations/chat-sessions/chat-session-parts.js';
import { ChatSession, type Sentiment, SENTIMENTS } from '../../conversations/chat-sessions/chat-session.entity.js';
import { Team } from '../../directory/teams/team.entity.js';
import { InsightArchiver, InsightResolver } from './insight.dto.js';

/** A recurring reason of handoffs. */
@Entity('insights')
@Index('insights_org_reason', ['org_id', 'reason'], { unique: true })
@Index('insights_org_occurrence_count', ['org_id', 'occurrence_count', 'id'])
@Index('insights_content_session', ['org_id', 'content_session_id'])
@Index('insights_team', ['org_id', 'team_id'])
@ForeignKey(() => Team, ['org_id', 'team_id'], ['org_id', 'id'], { name: 'insights_team_fk', onDelete: 'SET NULL' })
@ForeignKey(() => ChatSession, ['org_id', 'content_session_id'], ['org_id', 'id'], {
  name: 'insights_content_session_fk',
  onDelete: 'SET NULL',
})
export class Insight extends OrgRow {
  @ForeignKey(() => Org, { name: 'insights_org_fk' })
  override org_id: string;

  @Column('text')
  @Field(oneOf(HANDOFF_REASONS))
  reason: HandoffReason;

  /** The newest summary. */
  @Column('text', { nullable: true })
  content: string | null;

  /** The session of the summary. Its redaction clears `content`. */
  @Column('uuid', { select: false, nullable: true })
  content_session_id: string | null;

  @Column('text', { nullable: true })
  @Field(nullable(oneOf(SENTIMENTS)))
  sentiment: Sentiment | null;

  @Column('integer')
  occurrence_count: number;

  @Column('uuid', { select: false, nullable: true })
  team_id: string | null;

  @Column('jsonb', { nullable: true })
  @Field(nullable(InsightResolver))
  resolved_by: InsightResolver | null;

  @Column({ ...TIMESTAMP, nullable: true })
  resolved_at: Date | null;

  @Column('jsonb', { nullable: true })
  @Field(nullable(InsightArchiver))
  archived_by: InsightArchiver | null;

  @Column({ ...TIMESTAMP, nullable: true })
  archived_at: Date | null;

  @Column(TIMESTAMP)
  first_seen_at: Date;

  @Column(TIMESTAMP)
  last_seen_at: Date;
}
