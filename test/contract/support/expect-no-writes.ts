import { afterEach, beforeEach, expect } from 'vitest';
import type { TestServer } from '../../support/start-app.js';
import { changedRows, readTables, type TableRows } from './table-rows.js';

/** Asserts after each test that its requests have written no rows. */
export function expectNoWrites(server: () => TestServer): void {
  let before: TableRows;
  beforeEach(async () => {
    before = await readTables(server());
  });
  afterEach(async () => {
    expect(changedRows(before, await readTables(server()))).toEqual([]);
  });
}
