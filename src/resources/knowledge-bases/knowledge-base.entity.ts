import { Column, Entity, ForeignKey } from 'typeorm';
import { OrgRow } from '../../database/base.entity.js';
import { Org } from '../../orgs/org.entity.js';
import { Text } from '../../validation/decorators.js';
import { Name } from '../../validation/name.js';

/** Documents that agents answer from. */
@Entity('knowledge_bases')
export class KnowledgeBase extends OrgRow {
  @ForeignKey(() => Org, { name: 'knowledge_bases_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(100)
  name: string;

  @Column('text', { nullable: true })
  @Text(0, 500)
  description: string | null;
}
