import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';
import { Field } from '../../core/wire/field.js';
import { oneOf } from '../../core/wire/schema.js';

export const AGENT_STATUSES = ['active', 'paused'] as const;

/** An AI agent of an org. Keys with a secret are bound to one. */
@Entity('agents')
@Index('agents_knowledge_base', ['org_id', 'knowledge_base_id'])
// By name, because agents can't import the resource of knowledge bases.
@ForeignKey('KnowledgeBase', ['org_id', 'knowledge_base_id'], ['org_id', 'id'], { name: 'agents_knowledge_base_fk' })
export class Agent extends OrgRow {
  @ForeignKey(() => Org, { name: 'agents_org_fk' })
  override org_id: string;

  @Column('text')
  name: string;

  @Column('text', { default: 'active' })
  @Field(oneOf(AGENT_STATUSES))
  status: (typeof AGENT_STATUSES)[number];

  @Column('text', { nullable: true })
  voice_id: string | null;

  @Column('text', { nullable: true })
  greeting: string | null;

  @Column('text', { nullable: true })
  prompt: string | null;

  @Column('uuid', { nullable: true })
  knowledge_base_id: string | null;
}
