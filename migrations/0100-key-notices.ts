import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notices before keys expire and about idle keys, who wants them, and the contact of a partner. */
export class KeyNotices1763800000100 implements MigrationInterface {
  readonly name = 'KeyNotices1763800000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE key_deadlines (
        key_id uuid NOT NULL CONSTRAINT key_deadlines_key_fk REFERENCES api_keys (id) ON DELETE CASCADE,
        kind text NOT NULL,
        done_until timestamptz(3) NOT NULL,
        due_at timestamptz(3) NOT NULL,
        PRIMARY KEY (key_id, kind)
      );
      CREATE INDEX key_deadlines_due ON key_deadlines (kind, due_at, key_id);

      CREATE TABLE key_notices (
        key_id uuid NOT NULL CONSTRAINT key_notices_key_fk REFERENCES api_keys (id) ON DELETE CASCADE,
        kind text NOT NULL,
        about timestamptz(3) NOT NULL,
        days integer NOT NULL,
        audience text NOT NULL,
        audience_id uuid NOT NULL,
        state text NOT NULL,
        state_at timestamptz(3) NOT NULL,
        PRIMARY KEY (key_id, kind, about, days, audience)
      );
      CREATE INDEX key_notices_pending ON key_notices (audience, audience_id) WHERE state = 'pending';
      CREATE INDEX key_notices_mailed ON key_notices (audience, audience_id, state_at) WHERE state = 'mailed';

      -- In the database, so that no writer of keys forgets it. The job computes the next deadline.
      CREATE FUNCTION api_keys_set_deadlines() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF tg_op = 'INSERT' THEN
          INSERT INTO key_deadlines (key_id, kind, done_until, due_at) VALUES (new.id, 'idle', 'epoch', now());
        ELSIF old.expires_at IS NOT DISTINCT FROM new.expires_at THEN
          RETURN NULL;
        END IF;
        IF new.expires_at IS NULL THEN
          DELETE FROM key_deadlines WHERE key_id = new.id AND kind = 'expiry';
        ELSE
          INSERT INTO key_deadlines (key_id, kind, done_until, due_at) VALUES (new.id, 'expiry', now(), now())
          ON CONFLICT (key_id, kind) DO UPDATE SET done_until = excluded.done_until, due_at = excluded.due_at;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER api_keys_deadlines AFTER INSERT OR UPDATE OF expires_at ON api_keys
        FOR EACH ROW WHEN (new.org_id IS NOT NULL) EXECUTE FUNCTION api_keys_set_deadlines();

      INSERT INTO key_deadlines (key_id, kind, done_until, due_at)
        SELECT id, 'idle', 'epoch', now() FROM api_keys WHERE org_id IS NOT NULL AND revoked_at IS NULL;
      INSERT INTO key_deadlines (key_id, kind, done_until, due_at)
        SELECT id, 'expiry', now(), now() FROM api_keys
        WHERE org_id IS NOT NULL AND revoked_at IS NULL AND expires_at > now();

      ALTER TABLE orgs
        ADD COLUMN expiry_notices boolean NOT NULL DEFAULT true,
        ADD COLUMN idle_notices boolean NOT NULL DEFAULT false;
      ALTER TABLE partners ADD COLUMN contact_email text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE partners DROP COLUMN contact_email;
      ALTER TABLE orgs DROP COLUMN expiry_notices, DROP COLUMN idle_notices;
      DROP TRIGGER api_keys_deadlines ON api_keys;
      DROP FUNCTION api_keys_set_deadlines();
      DROP TABLE key_notices;
      DROP TABLE key_deadlines;
    `);
  }
}
