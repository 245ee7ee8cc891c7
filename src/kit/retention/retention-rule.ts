/** The retention of a table. A table without a rule keeps its rows. */
export interface RetentionRule {
  readonly table: string;
  /** SQL condition of the rows to delete. An index must find them. */
  readonly isOver: string;
  /** For a table that is divided into months: whole months are dropped, up to a month later. */
  readonly byMonth?: MonthRule;
}

export interface MonthRule {
  /** The column that decides the month of a row. */
  readonly key: string;
  readonly days: number;
}

/** Token of the rules of all features, in the order in which they run. */
export const RETENTION_RULES = Symbol('RETENTION_RULES');
