import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ChatSession } from '../chat-sessions/chat-session.entity.js';

/** The phone number of a session. */
@Entity('whatsapp_sessions')
@ForeignKey(() => ChatSession, ['org_id', 'session_id'], ['org_id', 'id'], {
  name: 'whatsapp_sessions_session_fk',
  onDelete: 'CASCADE',
})
export class WhatsAppSession {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  session_id: string;

  @Column('text')
  phone_number_id: string;
}
