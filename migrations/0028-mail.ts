import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outgoing mail and sender domains. */
export class Mail1763800000028 implements MigrationInterface {
  readonly name = 'Mail1763800000028';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mail_domains (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT mail_domains_org_fk REFERENCES orgs (id),
        domain_name text NOT NULL,
        domain_status text NOT NULL,
        token text NOT NULL,
        domain_records jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX mail_domains_org_domain_name ON mail_domains (org_id, domain_name);

      CREATE TABLE mail_bodies (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT mail_bodies_org_fk REFERENCES orgs (id),
        html text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE INDEX mail_bodies_created_at ON mail_bodies (created_at);

      CREATE TABLE mail_messages (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT mail_messages_org_fk REFERENCES orgs (id),
        key text,
        from_email text NOT NULL,
        sender_name text NOT NULL,
        to_email text NOT NULL,
        subject text NOT NULL,
        is_transactional boolean NOT NULL,
        body_id uuid,
        status text NOT NULL,
        reason text,
        ended_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT mail_messages_body_fk FOREIGN KEY (org_id, body_id) REFERENCES mail_bodies (org_id, id)
      );
      CREATE UNIQUE INDEX mail_messages_org_key ON mail_messages (org_id, key) WHERE key IS NOT NULL;
      -- What the retention of bodies asks, and their foreign key.
      CREATE INDEX mail_messages_body ON mail_messages (org_id, body_id) WHERE body_id IS NOT NULL;
      CREATE INDEX mail_messages_ended_at ON mail_messages (ended_at) WHERE ended_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_messages, mail_bodies, mail_domains;');
  }
}
