import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About } from '../../../core/wire/field.js';

/** Labels chat sessions. The name identifies a tag; the id only orders the list and is never sent. */
@Entity('tags')
@Index('tags_org_tag_name', ['org_id', 'tag_name'], { unique: true })
export class Tag {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'tags_org_fk' })
  org_id: string;

  @PrimaryColumn('uuid', { select: false })
  id: string;

  @Column('text')
  tag_name: string;

  @Column('text', { nullable: true })
  description: string | null;

  @About(
    'The AI adds all other tags by itself to closed sessions that they fit. Without a language model it adds none.',
  )
  @Column('boolean', { default: false })
  exclude_from_auto_tagging: boolean;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @UpdateDateColumn(TIMESTAMP)
  updated_at: Date;
}
