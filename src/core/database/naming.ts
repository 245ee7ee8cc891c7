import { DefaultNamingStrategy, Table } from 'typeorm';

/** Postgres's own name for a primary key, so that migrations can write `id uuid PRIMARY KEY`. */
export class ReadableNames extends DefaultNamingStrategy {
  override primaryKeyName(table: Table | string): string {
    return `${this.getTableName(table)}_pkey`;
  }
}
