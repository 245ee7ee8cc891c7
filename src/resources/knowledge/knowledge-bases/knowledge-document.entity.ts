import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { StoredFile } from '../../../kit/files/stored-file.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { oneOf } from '../../../core/wire/schema.js';
import { KnowledgeBase } from './knowledge-base.entity.js';

export const DOCUMENT_STATUSES = ['processing', 'ready', 'failed'] as const;

/** A text or a file. Deleted with its knowledge base. */
@Entity('knowledge_documents')
@Check('knowledge_documents_source', '(content IS NULL) <> (file_id IS NULL)')
@Index('knowledge_documents_base', ['org_id', 'knowledge_base_id', 'id'])
@Index('knowledge_documents_file', ['file_id'], { unique: true })
@ForeignKey(() => KnowledgeBase, ['org_id', 'knowledge_base_id'], ['org_id', 'id'], {
  name: 'knowledge_documents_base_fk',
  onDelete: 'CASCADE',
})
export class KnowledgeDocument extends OrgRow {
  @Column('uuid')
  knowledge_base_id: string;

  @Column('text')
  title: string;

  @About('A search finds its passages once it is `ready`.')
  @Column('text', { default: 'processing' })
  @Field(oneOf(DOCUMENT_STATUSES))
  status: (typeof DOCUMENT_STATUSES)[number];

  @About('Why the document could not be read.')
  @Column('text', { nullable: true })
  error: string | null;

  @About('Detected from the content.')
  @Column('text')
  media_type: string;

  @Column('integer')
  bytes: number;

  /** Null: the document is a file. */
  @Column('text', { nullable: true, select: false })
  content: string | null;

  @Column('uuid', { nullable: true, select: false })
  @ForeignKey(() => StoredFile, { name: 'knowledge_documents_file_fk' })
  file_id: string | null;
}
