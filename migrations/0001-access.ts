import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Partners, orgs, members, keys, sessions, login links and signing keys. */
export class Access1763800000001 implements MigrationInterface {
  readonly name = 'Access1763800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE installation (
        one boolean PRIMARY KEY DEFAULT true,
        id uuid NOT NULL,
        CONSTRAINT installation_one_row CHECK (one)
      );

      CREATE TABLE signing_keys (
        kid text PRIMARY KEY,
        public_jwk jsonb NOT NULL,
        private_jwk_encrypted bytea NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );

      CREATE TABLE partners (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        is_active boolean NOT NULL DEFAULT true,
        allowed_ips text[] NOT NULL DEFAULT '{}',
        ai_instructions text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );

      CREATE TABLE orgs (
        id uuid PRIMARY KEY,
        partner_id uuid CONSTRAINT orgs_partner_fk REFERENCES partners (id),
        name text NOT NULL,
        external_id text,
        website text,
        language text NOT NULL DEFAULT 'en',
        ai_instructions text,
        widget_token text NOT NULL,
        archived_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX orgs_partner_external_id ON orgs (partner_id, external_id) WHERE archived_at IS NULL;
      CREATE INDEX orgs_partner ON orgs (partner_id, id);

      CREATE TABLE users (
        id uuid PRIMARY KEY,
        email text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX users_email ON users (email);

      CREATE TABLE roles (
        id uuid PRIMARY KEY,
        org_id uuid NOT NULL CONSTRAINT roles_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX roles_org_name ON roles (org_id, name);

      CREATE TABLE members (
        id uuid PRIMARY KEY,
        org_id uuid NOT NULL CONSTRAINT members_org_fk REFERENCES orgs (id),
        user_id uuid NOT NULL CONSTRAINT members_user_fk REFERENCES users (id),
        role_id uuid NOT NULL CONSTRAINT members_role_fk REFERENCES roles (id),
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX members_org_user ON members (org_id, user_id);
      CREATE INDEX members_user ON members (user_id);

      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        digest text NOT NULL,
        member_id uuid NOT NULL CONSTRAINT sessions_member_fk REFERENCES members (id) ON DELETE CASCADE,
        role_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        last_seen_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL
      );
      CREATE UNIQUE INDEX sessions_digest ON sessions (digest);
      CREATE INDEX sessions_member ON sessions (member_id);

      CREATE TABLE login_links (
        digest text PRIMARY KEY,
        org_id uuid NOT NULL CONSTRAINT login_links_org_fk REFERENCES orgs (id),
        email text NOT NULL,
        name text NOT NULL,
        role_ids uuid[] NOT NULL DEFAULT '{}',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL
      );
      CREATE INDEX login_links_org ON login_links (org_id);
      CREATE INDEX login_links_expires_at ON login_links (expires_at);

      CREATE TABLE api_keys (
        id uuid PRIMARY KEY,
        org_id uuid CONSTRAINT api_keys_org_fk REFERENCES orgs (id),
        partner_id uuid CONSTRAINT api_keys_partner_fk REFERENCES partners (id),
        kind text NOT NULL,
        type text NOT NULL DEFAULT 'standard',
        name text NOT NULL,
        description text,
        scopes text[],
        agent_id uuid,
        allowed_ips text[] NOT NULL DEFAULT '{}',
        allowed_origins text[] NOT NULL DEFAULT '{}',
        rate_per_minute integer,
        rate_per_hour integer,
        masked_key text NOT NULL,
        created_by_type text NOT NULL,
        created_by_id uuid,
        created_by_name text NOT NULL,
        acknowledged_at timestamptz(3),
        expires_at timestamptz(3),
        revoked_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT api_keys_one_owner CHECK (num_nonnulls(org_id, partner_id) = 1)
      );
      CREATE INDEX api_keys_org ON api_keys (org_id, id);
      CREATE INDEX api_keys_partner ON api_keys (partner_id, id);

      CREATE TABLE key_credentials (
        id uuid PRIMARY KEY,
        key_id uuid NOT NULL CONSTRAINT key_credentials_key_fk REFERENCES api_keys (id) ON DELETE CASCADE,
        digest text NOT NULL,
        secret_hash text,
        retires_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX key_credentials_digest ON key_credentials (digest);
      CREATE INDEX key_credentials_key ON key_credentials (key_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE key_credentials, api_keys, login_links, sessions, members, roles, users, orgs, partners,
        signing_keys, installation;
    `);
  }
}
