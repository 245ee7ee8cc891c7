import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';

/** A named connection to a third party. */
@Entity('integrations')
@Index('integrations_org_provider_name', ['org_id', 'provider', 'name'], { unique: true })
export class Integration extends OrgRow {
  @ForeignKey(() => Org, { name: 'integrations_org_fk' })
  override org_id: string;

  /** The name of its connector. */
  @Column('text')
  provider: string;

  @Column('text')
  name: string;

  /** Encrypted JSON, never sent to clients. */
  @Column('bytea', { select: false })
  credentials: Buffer;
}
