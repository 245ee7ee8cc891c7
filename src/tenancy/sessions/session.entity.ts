import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { Member } from '../members/member.entity.js';
import { isInYearsSql } from '../../core/validation/instant.js';

/** A signed-in browser, bound to one membership and so to one org. It dies with the membership. */
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

  /** The role it was started with: a session doesn't outlive a change of role. */
  @Column('uuid')
  role_id: string;

  /** Of the login link that opened it, which is used up by that. */
  @Column('text', { nullable: true })
  link_digest: string | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @Column(TIMESTAMP)
  last_seen_at: Date;

  /** However active it is. */
  @Column(TIMESTAMP)
  expires_at: Date;
}
