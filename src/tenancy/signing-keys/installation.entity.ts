import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row with the id of this installation: the `iss` of its JWTs, which a change of the URL must not break. */
@Entity('installation')
@Check('installation_one_row', 'one')
export class Installation {
  @PrimaryColumn('boolean', { default: true })
  one: boolean;

  @Column('uuid')
  id: string;
}
