import { Column, Entity } from 'typeorm';
import { Identified } from '../../core/database/base.entity.js';

/** A company that provisions orgs for its own customers [seed 001]. */
@Entity('partners')
export class Partner extends Identified {
  @Column('text')
  name: string;

  /** False stops its keys, its orgs' keys and its orgs' sessions. */
  @Column('boolean', { default: true })
  is_active: boolean;

  /** CIDRs its own keys may come from; empty: any. Doesn't bind its orgs' keys. */
  @Column('text', { array: true, default: () => "'{}'" })
  allowed_ips: string[];

  /** Default of the orgs it creates. */
  @Column('text', { nullable: true })
  ai_instructions: string | null;

  /** Whether its login links always ask for a click; null: as LOGIN_LINK_CONFIRM says. */
  @Column('boolean', { nullable: true })
  confirm_login_links: boolean | null;
}
