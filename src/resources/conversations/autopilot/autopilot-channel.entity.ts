import { Column, Entity, ForeignKey, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { AuditParty } from '../../../kit/audit/audit.dto.js';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { INSTANT, nullable } from '../../../core/wire/schema.js';
import type { Channel } from '../chat-sessions/channels.js';

/** What the AI does on a channel. Without a row, nothing. */
@Entity('autopilot_channels')
export class AutopilotChannel {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'autopilot_channels_org_fk' })
  org_id: string;

  @PrimaryColumn('text', { select: false })
  channel: Channel;

  @About('Whether the AI answers. Otherwise messages go to the inbox.')
  @Column('boolean', { default: false })
  enabled: boolean;

  @About('Whether the AI drafts answers for the people who own a session.')
  @Column('boolean', { default: false })
  assist_enabled: boolean;

  @About('Last user to enable a setting; null if none or unknown.')
  @Column('jsonb', { nullable: true })
  @Field(nullable(AuditParty))
  activated_by: AuditParty | null;

  @About('Null before the first change.')
  @UpdateDateColumn(TIMESTAMP)
  @Field(nullable(INSTANT))
  updated_at: Date | null;
}
