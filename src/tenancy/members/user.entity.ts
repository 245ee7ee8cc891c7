import { Column, Entity, Index } from 'typeorm';
import { Identified } from '../../core/database/base.entity.js';

/** A person, known by an e-mail address; what they may do is their membership's. */
@Entity('users')
@Index('users_email', ['email'], { unique: true })
export class User extends Identified {
  /** Canonical. */
  @Column('text')
  email: string;
}
