import type { MigrationInterface, QueryRunner } from 'typeorm';
import { boundOf, MONTH_TABLES } from './0109-month-bounds.js';

/** Checks the bounds of 0109. Reads each table once, while others read and write it. */
export class ValidatedMonthBounds1763800000110 implements MigrationInterface {
  readonly name = 'ValidatedMonthBounds1763800000110';

  async up(runner: QueryRunner): Promise<void> {
    for (const { table } of MONTH_TABLES) {
      await runner.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${await boundOf(runner, table)}`);
    }
  }

  async down(): Promise<void> {
    // A validated constraint is as good as an unchecked one.
  }
}
