import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A text of at most this length never exceeds the limit of a tsvector. */
const CHARACTERS_MAX = 100_000;

const SEARCHABLE: Readonly<Record<string, readonly string[]>> = {
  training: ['title', 'content'],
  help_center_articles: ['title', 'description', 'content'],
  crawl_pages: ['title', 'content'],
};

/** Non-ASCII punctuation and symbols, which the parser of Postgres treats as letters with `lc_ctype` C. */
const SEPARATORS = [
  String.raw`\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u02c2-\u02c5\u02d2-\u02df`,
  String.raw`\u2000-\u200a\u200e-\u205f\u2061-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f`,
  String.raw`\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\ufe10-\ufe1f\ufe30-\ufe6f`,
  String.raw`\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffef\ufff0-\uffff`,
  String.raw`\U0001f000-\U0001faff`,
].join('');
/** Invisible characters inside of words: soft hyphens, zero-width spaces, joiners, variation selectors. */
const INVISIBLE = String.raw`\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff`;

/** Normalizes text before the parser, so that search is independent of the locale of the cluster. */
export class SearchText1763800000058 implements MigrationInterface {
  readonly name = 'SearchText1763800000058';

  async up(runner: QueryRunner): Promise<void> {
    // Unicode collations lower-case all scripts; that of the database may be ASCII only.
    const [found] = await runner.query(`
      SELECT quote_ident(collname) AS collation FROM pg_collation
      WHERE collname IN ('pg_c_utf8', 'und-x-icu') AND collnamespace = 'pg_catalog'::regnamespace
      ORDER BY collname LIMIT 1`);
    const collation = found === undefined ? '' : ` COLLATE pg_catalog.${found.collation}`;
    await runner.query(`
      CREATE FUNCTION search_text(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT lower(regexp_replace(
          regexp_replace(normalize(value, NFC), '[${INVISIBLE}]', '', 'g'), '[${SEPARATORS}]', ' ', 'g')${collation})
      $$`);
    for (const [table, texts] of Object.entries(SEARCHABLE)) {
      await makeWords(runner, table, texts, (text) => `search_text(${text})`);
      await runner.query(`UPDATE ${table} SET ${texts[0]} = ${texts[0]}`);
    }
    await rebuildPassages(runner, (text) => `search_text(${text})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, texts] of Object.entries(SEARCHABLE)) await makeWords(runner, table, texts, (text) => text);
    await rebuildPassages(runner, (text) => text);
    await runner.query('DROP FUNCTION search_text(text)');
  }
}

/** @param read SQL for the searched text */
async function makeWords(
  runner: QueryRunner,
  table: string,
  texts: readonly string[],
  read: (text: string) => string,
): Promise<void> {
  const weighted = texts.map((text, index) => {
    const words = `to_tsvector('english', ${read(`left(coalesce(new.${text}, ''), ${CHARACTERS_MAX})`)})`;
    return `setweight(${words}, '${index === 0 ? 'A' : 'D'}')`;
  });
  await runner.query(`
    CREATE OR REPLACE FUNCTION ${table}_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      new.words := array_to_tsvector(ARRAY[new.org_id::text]) || ${weighted.join(' || ')};
      RETURN new;
    END $$`);
}

async function rebuildPassages(runner: QueryRunner, read: (text: string) => string): Promise<void> {
  await runner.query(`
    UPDATE knowledge_passages passage
    SET words = array_to_tsvector(ARRAY[document.knowledge_base_id::text])
      || to_tsvector('english', ${read(`document.title || ' ' || passage.text`)})
    FROM knowledge_documents document
    WHERE document.org_id = passage.org_id AND document.id = passage.document_id`);
}
