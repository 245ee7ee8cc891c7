import { Column, Entity } from 'typeorm';
import { Identified } from '../../core/database/base.entity.js';

/** A company that creates orgs for its customers (S1). */
@Entity('partners')
export class Partner extends Identified {
  @Column('text')
  name: string;

  /** False refuses its keys, and the keys and sessions of its orgs. */
  @Column('boolean', { default: true })
  is_active: boolean;

  /** The addresses and networks of its own keys; empty: any. Doesn't apply to keys of its orgs. */
  @Column('text', { array: true, default: () => "'{}'" })
  allowed_ips: string[];

  /** The default for orgs that it creates. */
  @Column('text', { nullable: true })
  ai_instructions: string | null;

  /** Whether its login links always need a click; null: LOGIN_LINK_CONFIRM decides. */
  @Column('boolean', { nullable: true })
  confirm_login_links: boolean | null;

  /** Gets notices before keys of its orgs expire. Canonical. */
  @Column('text', { nullable: true })
  contact_email: string | null;
}
