import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contacts, tags. Each list has an index on (org_id, id), unique so that rows of the same org can point to it. */
export class FirstResources1763800000004 implements MigrationInterface {
  readonly name = 'FirstResources1763800000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE contacts (
        id uuid PRIMARY KEY,
        org_id uuid NOT NULL CONSTRAINT contacts_org_fk REFERENCES orgs (id),
        email text,
        phone_number text,
        name text,
        custom_data jsonb NOT NULL DEFAULT '{}',
        unsubscribed_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX contacts_org ON contacts (org_id, id);
      CREATE UNIQUE INDEX contacts_org_email ON contacts (org_id, email);
      CREATE UNIQUE INDEX contacts_org_phone_number ON contacts (org_id, phone_number);
      CREATE INDEX contacts_org_updated_at ON contacts (org_id, updated_at);

      CREATE TABLE tags (
        id uuid PRIMARY KEY,
        org_id uuid NOT NULL CONSTRAINT tags_org_fk REFERENCES orgs (id),
        tag_name text NOT NULL,
        description text,
        exclude_from_auto_tagging boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX tags_org ON tags (org_id, id);
      CREATE UNIQUE INDEX tags_org_tag_name ON tags (org_id, tag_name);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tags, contacts;');
  }
}
