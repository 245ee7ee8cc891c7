import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgOwned } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';
import { Role } from '../orgs/role.entity.js';
import { User } from './user.entity.js';

/** A user in an org. The display name belongs to the membership, because it may differ between orgs. */
@Entity('members')
@Index('members_org_user', ['org_id', 'user_id'], { unique: true })
@Index('members_org', ['org_id', 'id'])
@Index('members_org_account', ['org_id', 'account_id'], { unique: true })
@Index('members_account', ['account_id'])
export class Member extends OrgOwned {
  @ForeignKey(() => Org, { name: 'members_org_fk' })
  override org_id: string;

  /** Random per org, so that two orgs can't find out that they share a person. */
  @Column('uuid')
  user_id: string;

  /** The same in every org; never sent to clients. */
  @Column('uuid')
  @ForeignKey(() => User, { name: 'members_account_fk' })
  account_id: string;

  @Column('uuid')
  @ForeignKey(() => Role, { name: 'members_role_fk' })
  role_id: string;

  @Column('text')
  name: string;
}
