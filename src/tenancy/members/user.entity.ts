import { Column, Entity, Index } from 'typeorm';
import { Identified } from '../../core/database/base.entity.js';

/** A person, identified by an e-mail address. Roles belong to the membership. */
@Entity('users')
@Index('users_email', ['email'], { unique: true })
export class User extends Identified {
  /** Canonical. */
  @Column('text')
  email: string;
}
