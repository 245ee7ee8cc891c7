import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { KnowledgeDocument } from './knowledge-document.entity.js';

/** A part of a document that is found and quoted by itself. */
@Entity('knowledge_passages')
@Index('knowledge_passages_words', ['words'], { type: 'gin' })
@ForeignKey(() => KnowledgeDocument, ['org_id', 'document_id'], ['org_id', 'id'], {
  name: 'knowledge_passages_document_fk',
  onDelete: 'CASCADE',
})
export class KnowledgePassage {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  document_id: string;

  /** Order within the document, from 1. */
  @PrimaryColumn('integer')
  position: number;

  @Column('text')
  text: string;

  /** Of the document's title, the text and the knowledge base. */
  @Column('tsvector')
  words: string;
}
