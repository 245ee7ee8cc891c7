import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Action } from '../../automation/actions/action.entity.js';
import { PhoneAgent } from './phone-agent.entity.js';

/** An action that a phone agent can call. It can't be deleted. */
@Entity('phone_agent_actions')
@ForeignKey(() => PhoneAgent, ['org_id', 'phone_agent_id'], ['org_id', 'id'], {
  name: 'phone_agent_actions_agent_fk',
  onDelete: 'CASCADE',
})
@ForeignKey(() => Action, ['org_id', 'action_id'], ['org_id', 'id'], { name: 'phone_agent_actions_action_fk' })
@Index('phone_agent_actions_action', ['org_id', 'action_id'])
export class PhoneAgentAction {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  phone_agent_id: string;

  @PrimaryColumn('uuid')
  action_id: string;

  /** Index in the list. */
  @Column('integer')
  position: number;
}
