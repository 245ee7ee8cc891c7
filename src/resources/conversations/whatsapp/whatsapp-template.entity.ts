import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { oneOf } from '../../../core/wire/schema.js';
import type { TemplateComponent } from './template-slots.js';

export const TEMPLATE_STATUSES = ['pending', 'approved', 'rejected'] as const;
export type TemplateStatus = (typeof TEMPLATE_STATUSES)[number];

/** A message template, unique by name and language. WhatsApp must approve it. */
@Entity('whatsapp_templates')
@Index('whatsapp_templates_org_name', ['org_id', 'name', 'language'], { unique: true })
@Index('whatsapp_templates_org_status', ['org_id', 'status', 'id'])
@Index('whatsapp_templates_status_checked_at', ['status_checked_at'])
export class WhatsAppTemplate {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'whatsapp_templates_org_fk' })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  @Column('text')
  language: string;

  @Column('text')
  category: string;

  @About('Status at WhatsApp. Only approved templates can be sent.')
  @Column('text', { default: 'pending' })
  @Field(oneOf(TEMPLATE_STATUSES))
  status: TemplateStatus;

  @About('Number of variables in its components.')
  @Column('integer')
  variables_count: number;

  @Column('jsonb', { select: false })
  components: TemplateComponent[];

  /** Null: not checked yet. */
  @Column({ ...TIMESTAMP, nullable: true, select: false })
  status_checked_at: Date | null;

  @CreateDateColumn({ ...TIMESTAMP, select: false })
  created_at: Date;

  @UpdateDateColumn({ ...TIMESTAMP, select: false })
  updated_at: Date;
}
