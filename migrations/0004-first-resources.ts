import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contacts, tags. Keys begin with the org: lists read them in order, and rows of the same org can point to them. */
export class FirstResources1763800000004 implements MigrationInterface {
  readonly name = 'FirstResources1763800000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE contacts (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT contacts_org_fk REFERENCES orgs (id),
        email text,
        phone_number text,
        name text,
        custom_data jsonb NOT NULL DEFAULT '{}',
        unsubscribed_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX contacts_org_email ON contacts (org_id, email) WHERE email IS NOT NULL;
      CREATE UNIQUE INDEX contacts_org_phone_number ON contacts (org_id, phone_number) WHERE phone_number IS NOT NULL;
      CREATE INDEX contacts_org_created_at ON contacts (org_id, created_at);
      CREATE INDEX contacts_org_updated_at ON contacts (org_id, updated_at);

      CREATE TABLE tags (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT tags_org_fk REFERENCES orgs (id),
        tag_name text NOT NULL,
        description text,
        exclude_from_auto_tagging boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX tags_org_tag_name ON tags (org_id, tag_name);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tags, contacts;');
  }
}
