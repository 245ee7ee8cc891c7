import { expect, it } from 'vitest';
import { FOREIGN_TABLES } from './foreign-tables.js';
import { foreignTables, OWNERS } from './support/sql-tables.js';

it('every table is owned by the feature that has its entity', () => {
  expect(OWNERS.get('orgs')).toBe('tenancy/orgs');
  expect(OWNERS.get('workflow_runs')).toBe('resources/automation/workflows');
});

it("SQL names another feature's table only where foreign-tables.ts gives a reason", () => {
  const listed = FOREIGN_TABLES.flatMap(({ feature, tables }) => tables.map((table) => `${feature} -> ${table}`));
  expect(foreignTables()).toEqual(listed.toSorted());
});
