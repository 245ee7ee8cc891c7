import { Column, CreateDateColumn, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** Times are milliseconds on both sides: a cursor made from a Date over microseconds would lose rows. */
export const TIMESTAMP = { type: 'timestamptz', precision: 3 } as const;

/** What every row has. The id is a UUID v7 made by the application (`uuidV7()`), so that ids sort by age. */
export abstract class Identified {
  @PrimaryColumn('uuid')
  id: string;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @UpdateDateColumn(TIMESTAMP)
  updated_at: Date;
}

/** A row of one org. The org never leaves with it: it is the caller's own. */
export abstract class OrgOwned extends Identified {
  @Column('uuid', { select: false })
  org_id: string;
}

/**
 * A row of a table that is kept by org: its key begins with the org, so that a list, a look-up and a foreign key stay
 * within it. (With a key of the id alone, Postgres walks the newest rows of all orgs to find a page of one.)
 */
export abstract class OrgRow {
  @PrimaryColumn('uuid', { select: false })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @UpdateDateColumn(TIMESTAMP)
  updated_at: Date;
}
