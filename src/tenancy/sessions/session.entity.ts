import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { Member } from '../members/member.entity.js';
import { isInYearsSql } from '../../core/validation/instant.js';

/** A signed-in browser, bound to one membership. It ends with the membership. */
@Entity('sessions')
@Index('sessions_digest', ['digest'], { unique: true })
@Index('sessions_member', ['member_id'])
@Index('sessions_expires_at', ['expires_at'])
@Check('sessions_years', isInYearsSql('expires_at'))
export class Session {
  @PrimaryColumn('uuid')
  id: string;

  /** SHA-256 of the cookie's value, 64 hex characters. */
  @Column('text')
  digest: string;

  @Column('uuid')
  @ForeignKey(() => Member, { name: 'sessions_member_fk', onDelete: 'CASCADE' })
  member_id: string;

  /** The role at the start. A change of the role ends the session. */
  @Column('uuid')
  role_id: string;

  /** The digest of the login link that opened it. */
  @Column('text', { nullable: true })
  link_digest: string | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @Column(TIMESTAMP)
  last_seen_at: Date;

  /** The end of an active session. */
  @Column(TIMESTAMP)
  expires_at: Date;
}
