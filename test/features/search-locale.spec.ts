import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runMigrations } from '../../src/core/database/migrate.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

const TEXTS = [
  '“Élan” — «ÖL» ‘ŒUVRE’ …naïve…',
  'Preis: 100€→200€ (½ Liter) ☎️Telefon 😀Spaß',
  'Wi\u00adder\u00adruf ﬁne don’t O’Brien',
  '「東京」、大阪。 Привет—МИР ΑΘΗΝΑ·ΣΟΦΟΣ',
];

let databases: TestDatabase[];
beforeAll(async () => {
  databases = await Promise.all(
    [`LOCALE_PROVIDER libc LOCALE 'C'`, ''].map(async (locale) => {
      const database = await createEmptyDatabase(locale);
      await runMigrations(database.url);
      return database;
    }),
  );
});
afterAll(async () => {
  for (const database of databases) await database.drop();
});

async function wordsIn({ url }: TestDatabase): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const sql = `SELECT to_tsvector('english', search_text(text))::text AS words FROM unnest($1::text[]) AS text`;
    return (await client.query(sql, [TEXTS])).rows.map(({ words }) => words);
  } finally {
    await client.end();
  }
}

it('a text has the same search words in every database locale', async () => {
  const [inC, inUnicode] = await Promise.all(databases.map(wordsIn));
  expect(inC).toEqual(inUnicode);
  expect(inC![0]).toBe("'naïv':4 'élan':1 'öl':2 'œuvr':3");
});
