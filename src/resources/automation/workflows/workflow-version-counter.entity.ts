import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Org } from '../../../tenancy/orgs/org.entity.js';

/** The last version id of each org. Ids of versions are numbers, and must not tell an org how busy the others are. */
@Entity('workflow_version_counters')
export class WorkflowVersionCounter {
  @PrimaryColumn('uuid')
  @ForeignKey(() => Org, { name: 'workflow_version_counters_org_fk' })
  org_id: string;

  @Column('bigint')
  last_id: string;
}
