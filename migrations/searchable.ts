import type { QueryRunner } from 'typeorm';

/** More words than a tsvector holds come in no shorter text, whatever its words are. */
const CHARACTERS_MAX = 100_000;

/**
 * From here on the column `words` of this table holds the words of its texts, the first of them with the most weight,
 * and whose they are: the index finds the words of one org without looking at those of others.
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

/** With the table, which is dropped first. */
export async function dropSearch(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`DROP FUNCTION ${table}_words()`);
}
