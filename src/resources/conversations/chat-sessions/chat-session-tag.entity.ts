import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tag } from '../../directory/tags/tag.entity.js';
import { ChatSession } from './chat-session.entity.js';

/** A tag on a session. Deleted with either. */
@Entity('chat_session_tags')
@ForeignKey(() => ChatSession, ['org_id', 'session_id'], ['org_id', 'id'], {
  name: 'chat_session_tags_session_fk',
  onDelete: 'CASCADE',
})
@ForeignKey(() => Tag, ['org_id', 'tag_id'], ['org_id', 'id'], {
  name: 'chat_session_tags_tag_fk',
  onDelete: 'CASCADE',
})
@Index('chat_session_tags_tag', ['org_id', 'tag_id'])
export class ChatSessionTag {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  session_id: string;

  @PrimaryColumn('uuid')
  tag_id: string;
}
