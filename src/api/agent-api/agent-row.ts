import { CreateDateColumn, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** A row of an agent. Responses omit the ids of org and agent, because they are the caller's own. */
export abstract class AgentRow {
  @PrimaryColumn('uuid', { select: false })
  org_id: string;

  @PrimaryColumn('uuid', { select: false })
  agent_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @UpdateDateColumn(TIMESTAMP)
  updated_at: Date;
}
