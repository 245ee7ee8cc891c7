import { expect, it } from 'vitest';
import { factsOf } from '../support/tenant-statements.js';

const TABLES = new Set(['contacts', 'tags']);
const restrictionsOf = (sql: string) =>
  Object.fromEntries(factsOf(sql, TABLES).uses.map(({ table, restriction }) => [table, restriction]));

it.each([
  ['SELECT * FROM contacts WHERE org_id = $1 AND id = $2', { contacts: 'constant' }],
  ['SELECT * FROM contacts WHERE (org_id, id) = ($1, $2)', { contacts: 'constant' }],
  ['SELECT * FROM contacts WHERE id = $1', { contacts: 'none' }],
  ['UPDATE contacts SET org_id = $1 WHERE id = $2', { contacts: 'none' }],
  ['DELETE FROM contacts WHERE org_id = $1::uuid', { contacts: 'constant' }],
  [
    'SELECT * FROM contacts c JOIN tags t ON t.org_id = c.org_id WHERE c.org_id = $1',
    { contacts: 'constant', tags: 'joined' },
  ],
  ['SELECT * FROM contacts c, tags t WHERE c.org_id = $1', { contacts: 'constant', tags: 'none' }],
  ['SELECT * FROM contacts JOIN tags USING (org_id)', { contacts: 'joined', tags: 'joined' }],
  [
    'SELECT (SELECT count(*) FROM tags WHERE id = $2) FROM contacts WHERE org_id = $1',
    { contacts: 'constant', tags: 'none' },
  ],
  ['SELECT id FROM contacts WHERE org_id = $1 UNION SELECT id FROM tags', { contacts: 'constant', tags: 'none' }],
  ['INSERT INTO contacts (org_id) VALUES ($1)', {}],
  ['SELECT * FROM orgs WHERE id = $1', {}],
])('knows how %s names the org', (sql, restrictions) => {
  expect(restrictionsOf(sql)).toEqual(restrictions);
});

it('finds functions in RETURNING, not those of the rest', () => {
  const returned = (sql: string) => factsOf(sql, TABLES).functionsInReturning;
  expect(returned('UPDATE tags SET at = now() WHERE org_id = $1 RETURNING id')).toEqual([]);
  expect(returned('UPDATE tags SET at = $2 WHERE org_id = $1 RETURNING to_char(at)')).toEqual(['to_char']);
});
