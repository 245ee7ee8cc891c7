import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { ROLE_NAMES, type RoleName } from '../../access/scopes/roles.js';
import { OrgOwned } from '../../core/database/base.entity.js';
import { Field } from '../../core/wire/field.js';
import { oneOf } from '../../core/wire/schema.js';
import { Org } from './org.entity.js';

/** A built-in role. Each org is created with three. */
@Entity('roles')
@Index('roles_org_name', ['org_id', 'name'], { unique: true })
export class Role extends OrgOwned {
  @ForeignKey(() => Org, { name: 'roles_org_fk' })
  override org_id: string;

  @Column('text')
  @Field(oneOf(ROLE_NAMES))
  name: RoleName;
}
