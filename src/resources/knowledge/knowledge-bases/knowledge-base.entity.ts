import { Column, Entity, ForeignKey } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { About } from '../../../core/wire/field.js';

/** A set of documents that agents answer from. */
@Entity('knowledge_bases')
export class KnowledgeBase extends OrgRow {
  @ForeignKey(() => Org, { name: 'knowledge_bases_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(100)
  name: string;

  @About('For the people who manage it. Searches read its documents only.')
  @Column('text', { nullable: true })
  @Text(0, 500)
  description: string | null;
}
