/** The retention of a table. A table without a rule keeps its rows. */
export interface RetentionRule {
  readonly table: string;
  /** SQL condition of the rows to delete. An index must find them. */
  readonly isOver: string;
}

/** Token of the rules of all features, in the order in which they run. */
export const RETENTION_RULES = Symbol('RETENTION_RULES');
