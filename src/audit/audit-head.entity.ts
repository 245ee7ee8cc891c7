import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The newest link of a chain. Its row lock puts the entries of one chain in order. */
@Entity('audit_heads')
export class AuditHead {
  @PrimaryColumn('text')
  chain: string;

  @Column('integer')
  sequence: number;

  @Column('text')
  hash: string;
}
