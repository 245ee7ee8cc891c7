import { IsIn } from 'class-validator';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../database/base.entity.js';
import { Org } from '../../orgs/org.entity.js';
import { Text } from '../../validation/decorators.js';
import { About, Field } from '../../wire/field.js';
import { oneOf } from '../../wire/schema.js';

export const TOPIC_MODES = ['handoff', 'no_assist'] as const;

/** What the AI leaves alone, whatever the channel. */
@Entity('autopilot_topics')
@Index('autopilot_topics_org_topic', ['org_id', 'topic_key'], { unique: true })
export class AutopilotTopic extends OrgRow {
  @ForeignKey(() => Org, { name: 'autopilot_topics_org_fk' })
  override org_id: string;

  @About('In plain language, as the language model reads it.')
  @Column('text')
  @Text(1, 200)
  topic: string;

  /** In lower case: of topics that only differ so there is one. */
  @Column('text', { select: false })
  topic_key: string;

  @About('`handoff` gives the session to people; on `no_assist` it says nothing.')
  @Column('text')
  @IsIn(TOPIC_MODES)
  @Field(oneOf(TOPIC_MODES))
  mode: (typeof TOPIC_MODES)[number];
}
