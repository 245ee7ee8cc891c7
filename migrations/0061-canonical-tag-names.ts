import type { MigrationInterface, QueryRunner } from 'typeorm';

interface StoredTag {
  readonly org_id: string;
  readonly id: string;
  readonly tag_name: string;
}

const SHARE_SESSIONS = `
  INSERT INTO chat_session_tags (org_id, session_id, tag_id)
  SELECT org_id, session_id, $3 FROM chat_session_tags WHERE org_id = $1 AND tag_id = $2 ON CONFLICT DO NOTHING`;

/**
 * Trims the names of tags and puts them into NFC, as they are looked up now. Of tags that become one the one with that
 * name stays, with the sessions of both.
 */
export class CanonicalTagNames1763800000061 implements MigrationInterface {
  readonly name = 'CanonicalTagNames1763800000061';

  async up(runner: QueryRunner): Promise<void> {
    const tags = (await runner.query(`
      SELECT org_id, id, tag_name FROM tags
      WHERE octet_length(tag_name) > char_length(tag_name) OR tag_name ~ '^\\s|\\s$' ORDER BY org_id, id`)) as StoredTag[];
    for (const { org_id, id, tag_name } of tags) {
      const name = tag_name.trim().normalize('NFC');
      if (name === '' || name === tag_name) continue;
      const [other] = (await runner.query('SELECT id FROM tags WHERE org_id = $1 AND tag_name = $2', [
        org_id,
        name,
      ])) as [{ id: string }?];
      if (other === undefined) {
        await runner.query('UPDATE tags SET tag_name = $3 WHERE org_id = $1 AND id = $2', [org_id, id, name]);
      } else {
        await runner.query(SHARE_SESSIONS, [org_id, id, other.id]);
        await runner.query('DELETE FROM tags WHERE org_id = $1 AND id = $2', [org_id, id]);
      }
    }
  }

  /** Does nothing: the earlier spelling is lost, and the schema is unchanged. */
  async down(): Promise<void> {}
}
