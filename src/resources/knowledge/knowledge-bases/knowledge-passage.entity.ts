import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { KnowledgeDocument } from './knowledge-document.entity.js';

/** A part of a document that can be read by itself. */
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

  /** From 1, as they follow each other. */
  @PrimaryColumn('integer')
  position: number;

  @Column('text')
  text: string;

  /** Of the document's title and of the text, with the knowledge base that they are in. */
  @Column('tsvector')
  words: string;
}
