import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Org } from '../../../tenancy/orgs/org.entity.js';

/** The last ticket number of each org. Its lock serializes new sessions. */
@Entity('ticket_counters')
export class TicketCounter {
  @PrimaryColumn('uuid')
  @ForeignKey(() => Org, { name: 'ticket_counters_org_fk' })
  org_id: string;

  @Column('integer')
  last_number: number;
}
