import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ringOnChange } from './ring-on-change.js';

const CREDENTIAL = {
  table: 'key_credentials',
  tag: 'key',
  idColumn: 'key_id',
  columns: ['digest', 'secret_hash', 'retires_at', 'rotated_at'],
};

/** Why the requests of a key were refused, which scopes it used, and where each credential was last used. */
export class KeyUse1763800000088 implements MigrationInterface {
  readonly name = 'KeyUse1763800000088';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- No foreign keys, as in key_usage: a flush must not fail for a key that was deleted meanwhile.
      CREATE TABLE key_refusals (
        key_id uuid NOT NULL,
        hour timestamptz(3) NOT NULL,
        reason text NOT NULL,
        org_id uuid,
        requests integer NOT NULL,
        PRIMARY KEY (key_id, hour, reason)
      );
      CREATE INDEX key_refusals_hour ON key_refusals (hour);
      CREATE INDEX key_refusals_org ON key_refusals (org_id, hour);

      CREATE TABLE key_scope_uses (
        key_id uuid NOT NULL,
        day date NOT NULL,
        scope text NOT NULL,
        org_id uuid,
        uses integer NOT NULL,
        last_used_at timestamptz(3) NOT NULL,
        PRIMARY KEY (key_id, day, scope)
      );
      CREATE INDEX key_scope_uses_day ON key_scope_uses (day);

      CREATE TABLE credential_uses (
        credential_id uuid PRIMARY KEY,
        key_id uuid NOT NULL,
        at timestamptz(3) NOT NULL,
        client_address inet,
        country character(2),
        user_agent text,
        route text,
        service text
      );
      CREATE INDEX credential_uses_key ON credential_uses (key_id);
      CREATE INDEX credential_uses_at ON credential_uses (at);

      -- A key without a row was not used since; before, nothing counted the uses of its scopes.
      ALTER TABLE installation ADD scopes_counted_since timestamptz(3) NOT NULL DEFAULT now();

      -- Ends a credential whatever the clock says. Its row stays, so that its callers can be told from unknown ones.
      ALTER TABLE key_credentials ADD ended_at timestamptz(3);
    `);
    await ringOnChange(runner, { ...CREDENTIAL, columns: [...CREDENTIAL.columns, 'ended_at'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await ringOnChange(runner, CREDENTIAL);
    await runner.query(`
      DELETE FROM key_credentials WHERE ended_at IS NOT NULL;
      ALTER TABLE key_credentials DROP ended_at;
      ALTER TABLE installation DROP scopes_counted_since;
      DROP TABLE credential_uses, key_scope_uses, key_refusals;
    `);
  }
}
