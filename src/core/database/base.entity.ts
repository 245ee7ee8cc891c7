import { Column, CreateDateColumn, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** Milliseconds, as in a Date: a cursor made from a Date over microseconds would skip rows. */
export const TIMESTAMP = { type: 'timestamptz', precision: 3 } as const;

/** The columns of every row. The id is a UUID v7 made by the application (`uuidV7()`), so that ids sort by age. */
export abstract class Identified {
  @PrimaryColumn('uuid')
  id: string;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @UpdateDateColumn(TIMESTAMP)
  updated_at: Date;
}

/** A row of one org. Answers leave out the org's id, since it is the caller's own. */
export abstract class OrgOwned extends Identified {
  @Column('uuid', { select: false })
  org_id: string;
}

/**
 * A row whose primary key begins with the org, so that lists, look-ups and foreign keys stay within it. With the id alone
 * as key, Postgres would scan the newest rows of all orgs for a page of one org.
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
