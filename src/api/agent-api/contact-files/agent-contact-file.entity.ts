import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { StoredFile } from '../../../kit/files/stored-file.entity.js';
import { AgentRow } from '../agent-row.js';
import { AgentContact } from '../contacts/agent-contact.entity.js';

/** A file of an agent's contact, deleted with the contact. */
@Entity('agent_contact_files')
@ForeignKey(() => AgentContact, ['org_id', 'agent_id', 'contact_id'], ['org_id', 'agent_id', 'id'], {
  name: 'agent_contact_files_contact_fk',
  onDelete: 'CASCADE',
})
@Index('agent_contact_files_contact', ['org_id', 'agent_id', 'contact_id', 'id'])
@Index('agent_contact_files_file', ['file_id'], { unique: true })
export class AgentContactFile extends AgentRow {
  @Column('uuid')
  contact_id: string;

  @Column('uuid', { select: false })
  @ForeignKey(() => StoredFile, { name: 'agent_contact_files_file_fk' })
  file_id: string;

  @Column('text', { nullable: true })
  label: string | null;

  /** The client's file name. */
  @Column('text')
  name: string;

  /** Detected from the content. */
  @Column('text')
  media_type: string;

  @Column('integer')
  bytes: number;
}
