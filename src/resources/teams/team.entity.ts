import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../database/base.entity.js';
import { Org } from '../../orgs/org.entity.js';
import { About } from '../../wire/field.js';

/** People that chat sessions are handed to. */
@Entity('teams')
@Index('teams_org_name', ['org_id', 'name'], { unique: true })
export class Team extends OrgRow {
  @ForeignKey(() => Org, { name: 'teams_org_fk' })
  override org_id: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  @About('Only then it receives sessions.')
  @Column('boolean', { default: false })
  is_support_enabled: boolean;
}
