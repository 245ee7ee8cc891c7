import { Check, Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** One row with the id of this installation: the `iss` of its JWTs, which a change of the URL must not break. */
@Entity('installation')
@Check('installation_one_row', 'one')
export class Installation {
  @PrimaryColumn('boolean', { default: true })
  one: boolean;

  @Column('uuid')
  id: string;

  /** The uses of scopes were not counted before. */
  @CreateDateColumn(TIMESTAMP)
  scopes_counted_since: Date;
}
