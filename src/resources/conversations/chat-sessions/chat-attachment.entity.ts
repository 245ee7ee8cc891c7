import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { StoredFile } from '../../../kit/files/stored-file.entity.js';
import { ChatEvent } from './chat-event.entity.js';

/** An attachment of a message: a URL, bytes or a file. */
@Entity('chat_attachments')
@Index('chat_attachments_event', ['org_id', 'event_id', 'id'])
@Index('chat_attachments_id', ['id'], { unique: true })
@Index('chat_attachments_file', ['file_id'], { unique: true })
@ForeignKey(() => ChatEvent, ['org_id', 'event_id'], ['org_id', 'id'], {
  name: 'chat_attachments_event_fk',
  onDelete: 'CASCADE',
})
export class ChatAttachment {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  event_id: string;

  @Column('text')
  name: string;

  @Column('text')
  mime_type: string;

  @Column('text', { nullable: true })
  url: string | null;

  @Column('bytea', { select: false, nullable: true })
  content: Buffer | null;

  @Column('uuid', { select: false, nullable: true })
  @ForeignKey(() => StoredFile, { name: 'chat_attachments_file_fk' })
  file_id: string | null;
}
