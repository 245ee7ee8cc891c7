import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ringOnChange } from './ring-on-change.js';

const CREDENTIAL = {
  table: 'key_credentials',
  tag: 'key',
  idColumn: 'key_id',
  columns: ['digest', 'secret_hash', 'retires_at', 'rotated_at', 'ended_at', 'overlap_seconds', 'first_used_at'],
};

/** The columns that a cache fill reads. A policy that is not enforced changes no answer, so only `enforce_from` matters. */
const READ_BY_FILLS = `
  org_id, partner_id, enforce_from, max_lifetime_days, expiry_required, full_access_forbidden, ip_list_required,
  scope_ceiling`;

/** Rules for the keys of orgs, by the operator, partners and orgs; and since when a resumed key or org works again. */
export class KeyPolicies1763800000097 implements MigrationInterface {
  readonly name = 'KeyPolicies1763800000097';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE key_policies (
        id uuid PRIMARY KEY,
        org_id uuid CONSTRAINT key_policies_org_fk REFERENCES orgs (id),
        partner_id uuid CONSTRAINT key_policies_partner_fk REFERENCES partners (id),
        is_installation boolean NOT NULL DEFAULT false,
        max_lifetime_days integer,
        default_lifetime_days integer,
        expiry_required boolean NOT NULL DEFAULT false,
        full_access_forbidden boolean NOT NULL DEFAULT false,
        ip_list_required boolean NOT NULL DEFAULT false,
        scope_ceiling text[],
        max_active_keys integer,
        suspend_idle_after_days integer,
        enforce_from timestamptz(3),
        set_by_type text NOT NULL,
        set_by_id uuid,
        set_by_name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT key_policies_one_place CHECK (num_nonnulls(org_id, partner_id) + is_installation::integer = 1),
        CONSTRAINT key_policies_years CHECK (enforce_from BETWEEN '0001-01-01T00:00:00.000Z' AND '9999-12-31T23:59:59.999Z')
      );
      CREATE UNIQUE INDEX key_policies_org ON key_policies (org_id);
      CREATE UNIQUE INDEX key_policies_partner ON key_policies (partner_id);
      CREATE UNIQUE INDEX key_policies_installation ON key_policies (is_installation) WHERE is_installation;

      -- In the database, so that no writer forgets it.
      ALTER TABLE api_keys ADD resumed_at timestamptz(3);
      ALTER TABLE orgs ADD resumed_at timestamptz(3);
      CREATE FUNCTION note_resumption() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        new.resumed_at := now();
        RETURN new;
      END $$;
      CREATE TRIGGER api_keys_resumed BEFORE UPDATE ON api_keys
        FOR EACH ROW WHEN (old.suspended_at IS NOT NULL AND new.suspended_at IS NULL) EXECUTE FUNCTION note_resumption();
      CREATE TRIGGER orgs_resumed BEFORE UPDATE ON orgs
        FOR EACH ROW WHEN (old.suspended_at IS NOT NULL AND new.suspended_at IS NULL) EXECUTE FUNCTION note_resumption();
    `);
    await this.ring(runner);
    // The lifetime of a key begins with its newest credential.
    await ringOnChange(runner, { ...CREDENTIAL, columns: [...CREDENTIAL.columns, 'created_at'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await ringOnChange(runner, CREDENTIAL);
    await runner.query(`
      DELETE FROM access_ringing_table WHERE target = 'key_policies'::regclass;
      DROP TABLE key_policies;
      DROP FUNCTION key_policies_ring();
      DROP TRIGGER api_keys_resumed ON api_keys;
      DROP TRIGGER orgs_resumed ON orgs;
      DROP FUNCTION note_resumption();
      ALTER TABLE orgs DROP resumed_at;
      ALTER TABLE api_keys DROP resumed_at;
    `);
  }

  /**
   * Unlike the rows that `ringOnChange` is for, a new policy changes the answers to known keys, and a policy of the
   * installation those to all keys. So its triggers have a function of their own, under the names that are checked.
   */
  private async ring(runner: QueryRunner): Promise<void> {
    const [{ schema }] = await runner.query('SELECT quote_ident(current_schema()) AS schema');
    await runner.query(`
      -- The argument: SQL of the changed rows.
      CREATE FUNCTION key_policies_ring() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, ${schema}, pg_temp AS $$
      DECLARE
        changed_tags text[];
        is_everything boolean;
      BEGIN
        EXECUTE format('
          SELECT array_agg(DISTINCT CASE WHEN org_id IS NULL THEN ''partner:'' || partner_id ELSE ''org:'' || org_id END),
            bool_or(org_id IS NULL AND partner_id IS NULL)
          FROM (%s) changed WHERE enforce_from IS NOT NULL', tg_argv[0]) INTO changed_tags, is_everything;
        IF changed_tags IS NOT NULL THEN
          INSERT INTO access_change (tags) VALUES (CASE WHEN NOT is_everything THEN changed_tags END);
        END IF;
        RETURN NULL;
      END $$;
      REVOKE EXECUTE ON FUNCTION key_policies_ring() FROM PUBLIC;

      CREATE TRIGGER access_ring_insert AFTER INSERT ON key_policies REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION key_policies_ring('SELECT * FROM new_rows');
      CREATE TRIGGER access_ring_delete AFTER DELETE ON key_policies REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION key_policies_ring('SELECT * FROM old_rows');
      CREATE TRIGGER access_ring_update AFTER UPDATE ON key_policies
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION key_policies_ring('
          (SELECT ${READ_BY_FILLS} FROM old_rows EXCEPT SELECT ${READ_BY_FILLS} FROM new_rows)
          UNION (SELECT ${READ_BY_FILLS} FROM new_rows EXCEPT SELECT ${READ_BY_FILLS} FROM old_rows)');
      CREATE TRIGGER access_ring_truncate AFTER TRUNCATE ON key_policies
        FOR EACH STATEMENT EXECUTE FUNCTION key_policies_ring(
          'SELECT NULL::uuid AS org_id, NULL::uuid AS partner_id, now() AS enforce_from');
      -- Always: also for session_replication_role = replica, as restores and replication set it.
      ALTER TABLE key_policies
        ENABLE ALWAYS TRIGGER access_ring_insert, ENABLE ALWAYS TRIGGER access_ring_update,
        ENABLE ALWAYS TRIGGER access_ring_delete, ENABLE ALWAYS TRIGGER access_ring_truncate;
      INSERT INTO access_ringing_table (target) VALUES ('key_policies');
    `);
  }
}
