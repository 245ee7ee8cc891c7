import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Agent } from '../../../tenancy/agents/agent.entity.js';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { StoredFile } from '../../../kit/files/stored-file.entity.js';
import { Field } from '../../../core/wire/field.js';
import { mapOf, nullable, oneOf } from '../../../core/wire/schema.js';
import { AgentRow } from '../agent-row.js';
import { EXTRACTION_STATUSES, ExtractedField } from './extraction.dto.js';
import type { FieldWanted } from './field-wanted.dto.js';

/** An extraction of fields from a document. The document is deleted once it has been read. */
@Entity('document_extractions')
@ForeignKey(() => Agent, ['org_id', 'agent_id'], ['org_id', 'id'], {
  name: 'document_extractions_agent_fk',
  onDelete: 'CASCADE',
})
@Index('document_extractions_file', ['file_id'], { unique: true })
export class DocumentExtraction extends AgentRow {
  @Column('text', { default: 'queued' })
  @Field(oneOf(EXTRACTION_STATUSES))
  status: (typeof EXTRACTION_STATUSES)[number];

  /** Null once the extraction has ended. */
  @Column('uuid', { nullable: true, select: false })
  @ForeignKey(() => StoredFile, { name: 'document_extractions_file_fk' })
  file_id: string | null;

  @Column('text', { select: false })
  media_type: string;

  @Column('jsonb', { select: false })
  wanted: FieldWanted[];

  /** By key. Includes fields that weren't found. */
  @Column('jsonb', { nullable: true })
  @Field(nullable(mapOf(ExtractedField)))
  fields: Record<string, ExtractedField> | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column({ ...TIMESTAMP, nullable: true })
  completed_at: Date | null;
}
