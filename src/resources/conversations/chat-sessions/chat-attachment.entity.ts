import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ChatEvent } from './chat-event.entity.js';

/** An attachment of a message: a URL or bytes. */
@Entity('chat_attachments')
@Index('chat_attachments_event', ['org_id', 'event_id', 'id'])
@Index('chat_attachments_id', ['id'], { unique: true })
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
}
