import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { BOOLEAN, INTEGER, mapOf } from '../../../core/wire/schema.js';
import type { Channel } from '../chat-sessions/channels.js';

/** Whether and when a channel sends a survey. */
@Entity('csat_settings')
export class CsatSettings {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'csat_settings_org_fk' })
  org_id: string;

  @About(
    'Whether a survey is sent when a session closes, once per closing. `csat_requested` in the history has its link.',
  )
  @Column('boolean')
  auto_send: boolean;

  @About('Time from the closing to the survey.')
  @Column('integer')
  @Field({ ...INTEGER, enum: [0, 5, 15, 60] })
  delay_minutes: number;

  @About('Channels with surveys; others have none. E-mail and WhatsApp are sent, and clients of others show the link.')
  @Column('jsonb')
  @Field(mapOf(BOOLEAN))
  channels: Partial<Record<Channel, boolean>>;
}
