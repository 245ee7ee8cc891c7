import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About } from '../../../core/wire/field.js';

/** A group of members that chat sessions are assigned to. */
@Entity('teams')
@Index('teams_org_name', ['org_id', 'name'], { unique: true })
export class Team extends OrgRow {
  @ForeignKey(() => Org, { name: 'teams_org_fk' })
  override org_id: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  @About('Whether the team receives chat sessions.')
  @Column('boolean', { default: false })
  is_support_enabled: boolean;
}
