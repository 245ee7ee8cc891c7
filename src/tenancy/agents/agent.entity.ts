import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';
import { About, Field } from '../../core/wire/field.js';
import { oneOf } from '../../core/wire/schema.js';

/** The server runs no agents: it stores their settings and checks their keys. */
const STORED = { storedOnly: 'Only the program that runs the agent uses it.' } as const;

/** The documentation of fields that rows and bodies share. */
export const AGENT_FIELDS = {
  status: ['Whether it takes calls and messages. Keys of a paused agent keep working.', STORED],
  voice_id: ['Voice that it speaks with.', STORED],
  greeting: ['What it says first.', STORED],
  prompt: ['What it is told about its task.', STORED],
  knowledge_base_id: ['What it answers from. A knowledge base that an agent names is not deleted.', STORED],
} as const;

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

  @About(...AGENT_FIELDS.status)
  @Column('text', { default: 'active' })
  @Field(oneOf(AGENT_STATUSES))
  status: (typeof AGENT_STATUSES)[number];

  @About(...AGENT_FIELDS.voice_id)
  @Column('text', { nullable: true })
  voice_id: string | null;

  @About(...AGENT_FIELDS.greeting)
  @Column('text', { nullable: true })
  greeting: string | null;

  @About(...AGENT_FIELDS.prompt)
  @Column('text', { nullable: true })
  prompt: string | null;

  @About(...AGENT_FIELDS.knowledge_base_id)
  @Column('uuid', { nullable: true })
  knowledge_base_id: string | null;
}
