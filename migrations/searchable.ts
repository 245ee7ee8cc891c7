import type { QueryRunner } from 'typeorm';

/** A text of at most this length never exceeds the limit of a tsvector. */
const CHARACTERS_MAX = 100_000;

/**
 * Keeps the words of the texts and their org in the column `words`, with the most weight for the first text. The index
 * finds the words of one org without reading those of others.
 * @param table with `org_id`, and a column `words tsvector NOT NULL`
 */
export async function makeSearchable(runner: QueryRunner, table: string, ...texts: string[]): Promise<void> {
  const weighted = texts.map((text, index) => {
    const words = `to_tsvector('english', left(coalesce(new.${text}, ''), ${CHARACTERS_MAX}))`;
    return `setweight(${words}, '${index === 0 ? 'A' : 'D'}')`;
  });
  await runner.query(`
    CREATE FUNCTION ${table}_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      new.words := array_to_tsvector(ARRAY[new.org_id::text]) || ${weighted.join(' || ')};
      RETURN new;
    END $$;
    CREATE TRIGGER ${table}_words BEFORE INSERT OR UPDATE OF ${texts.join(', ')} ON ${table}
      FOR EACH ROW EXECUTE FUNCTION ${table}_words();
    CREATE INDEX ${table}_words ON ${table} USING gin (words);
  `);
}

/** Called after the table is dropped. */
export async function dropSearch(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`DROP FUNCTION ${table}_words()`);
}
