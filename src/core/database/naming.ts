import { DefaultNamingStrategy, Table } from 'typeorm';

/** Names primary keys as Postgres does, so that migrations can write `id uuid PRIMARY KEY`. */
export class ReadableNames extends DefaultNamingStrategy {
  override primaryKeyName(table: Table | string): string {
    return `${this.getTableName(table)}_pkey`;
  }
}
