import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { About } from '../../../core/wire/field.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';

/** An org has at most one help center. */
@Entity('help_centers')
@Index('help_centers_id', ['id'], { unique: true })
@Index('help_centers_custom_domain', ['custom_domain'], { unique: true })
export class HelpCenter {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'help_centers_org_fk' })
  org_id: string;

  @Column('uuid')
  id: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  /** ISO 639-1. Fixed at creation, because articles are written in it. */
  @Column('text')
  primary_language: string;

  @About('ISO 639-1, the primary one first. Articles in other languages are not public.')
  @Column('text', { array: true })
  languages: string[];

  @About('The host whose pages are this help center, once its DNS entry leads to the server. It belongs to one org.')
  @Column('text', { nullable: true })
  custom_domain: string | null;

  @CreateDateColumn({ ...TIMESTAMP, select: false })
  created_at: Date;

  @UpdateDateColumn({ ...TIMESTAMP, select: false })
  updated_at: Date;
}
