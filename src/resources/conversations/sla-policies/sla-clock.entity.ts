import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { ChatSession } from '../chat-sessions/chat-session.entity.js';
import type { ClockState } from '../chat-sessions/clock-states.js';
import type { Schedule } from '../../directory/office-hours/open-status.js';
import type { Clock } from './clock.js';
import { SlaPolicy } from './sla-policy.entity.js';

export const SLA_METRICS = ['first_reply', 'resolution'] as const;
export type SlaMetric = (typeof SLA_METRICS)[number];

/** One target of a session, by the policy and the office hours when it began to apply. */
@Entity('sla_clocks')
@Index('sla_clocks_due', ['due_at'], { where: `state = 'active'` })
@Index('sla_clocks_policy', ['org_id', 'policy_id'])
@ForeignKey(() => ChatSession, ['org_id', 'session_id'], ['org_id', 'id'], {
  name: 'sla_clocks_session_fk',
  onDelete: 'CASCADE',
})
@ForeignKey(() => SlaPolicy, ['org_id', 'policy_id'], ['org_id', 'id'], {
  name: 'sla_clocks_policy_fk',
  onDelete: 'SET NULL',
})
export class SlaClock implements Clock {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  session_id: string;

  @PrimaryColumn('text')
  metric: SlaMetric;

  /** Null: the policy was deleted after the clock was completed or breached. */
  @Column('uuid', { nullable: true })
  policy_id: string | null;

  @Column('text')
  state: ClockState;

  @Column('integer')
  target_seconds: number;

  @Column('jsonb', { nullable: true })
  schedule: Schedule | null;

  @Column('double precision')
  used_seconds: number;

  @Column({ ...TIMESTAMP, nullable: true })
  counting_since: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  due_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  completed_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  breached_at: Date | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
