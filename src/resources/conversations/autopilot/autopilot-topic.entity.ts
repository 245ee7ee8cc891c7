import { IsIn } from 'class-validator';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import type { OrgScope } from '../../../access/scopes/scope-catalogue.js';
import { AuditParty } from '../../../kit/audit/audit.dto.js';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { Name } from '../../../core/validation/name.js';
import { About, Field } from '../../../core/wire/field.js';
import { nullable, oneOf } from '../../../core/wire/schema.js';

export const TOPIC_MODES = ['handoff', 'no_assist'] as const;
type TopicMode = (typeof TOPIC_MODES)[number];

/** The scopes that a key needs to create a topic: those of the routes that do what the AI does. */
export const TOPIC_SCOPES: Readonly<Record<TopicMode, readonly OrgScope[]>> = {
  handoff: ['chat-sessions:write'],
  no_assist: [],
};

/** A topic that the AI does not answer, on any channel. */
@Entity('autopilot_topics')
@Index('autopilot_topics_org_topic', ['org_id', 'topic_key'], { unique: true })
export class AutopilotTopic extends OrgRow {
  @ForeignKey(() => Org, { name: 'autopilot_topics_org_fk' })
  override org_id: string;

  @About('In plain language. It becomes part of the prompt.')
  @Column('text')
  @Name(200)
  topic: string;

  /** In lower case, because topics are unique regardless of case. */
  @Column('text', { select: false })
  topic_key: string;

  @About('`handoff`: the session is handed off to people. `no_assist`: the AI does not answer.')
  @Column('text')
  @IsIn(TOPIC_MODES)
  @Field(oneOf(TOPIC_MODES))
  mode: TopicMode;

  @About('Null if unknown.')
  @Column('jsonb', { nullable: true })
  @Field(nullable(AuditParty))
  created_by: AuditParty | null;
}
