import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';

/** A connection to a third party, under a name that tells it from others to the same one. */
@Entity('integrations')
@Index('integrations_org_provider_name', ['org_id', 'provider', 'name'], { unique: true })
export class Integration extends OrgRow {
  @ForeignKey(() => Org, { name: 'integrations_org_fk' })
  override org_id: string;

  /** The key of its connector. */
  @Column('text')
  provider: string;

  @Column('text')
  name: string;

  /** JSON, sealed; never leaves. */
  @Column('bytea', { select: false })
  credentials: Buffer;
}
