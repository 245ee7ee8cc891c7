import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { Agent } from '../../../tenancy/agents/agent.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { mapOf } from '../../../core/wire/schema.js';
import { AgentRow } from '../agent-row.js';

export const CONTACT_STATUSES = ['active', 'inactive'] as const;
export const CONTACT_STAGES = ['lead', 'prospect', 'customer', 'old_customer'] as const;

export const ONLY_CLIENTS = { storedOnly: 'Only programs that use this API read it.' } as const;

/** A contact of an agent, deleted with the agent. */
@Entity('agent_contacts')
@ForeignKey(() => Agent, ['org_id', 'agent_id'], ['org_id', 'id'], {
  name: 'agent_contacts_agent_fk',
  onDelete: 'CASCADE',
})
@Index('agent_contacts_reference', ['org_id', 'agent_id', 'external_reference_id'], { unique: true })
@Check('agent_contacts_reachable', 'email IS NOT NULL OR phone IS NOT NULL')
export class AgentContact extends AgentRow {
  /** The id in the caller's system; unique within the agent. */
  @Column('text', { nullable: true })
  external_reference_id: string | null;

  @Column('text', { nullable: true })
  name: string | null;

  /** Canonical. */
  @Column('text', { nullable: true })
  email: string | null;

  /** E.164. */
  @Column('text', { nullable: true })
  phone: string | null;

  @About('Free text.', ONLY_CLIENTS)
  @Column('text', { nullable: true })
  gender: string | null;

  @Column('text', { default: 'active' })
  status: (typeof CONTACT_STATUSES)[number];

  @Column('text', { nullable: true })
  stage: (typeof CONTACT_STAGES)[number] | null;

  @About('Up to 50 values by name.', ONLY_CLIENTS)
  @Column('jsonb', { default: {} })
  @Field(mapOf({ type: ['string', 'number', 'boolean'] }))
  custom_fields: Record<string, string | number | boolean>;

  @Column('boolean', { default: false })
  archived: boolean;
}
