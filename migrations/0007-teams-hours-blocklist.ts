import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Teams and their users, office hours, the blocklist. */
export class TeamsHoursBlocklist1763800000007 implements MigrationInterface {
  readonly name = 'TeamsHoursBlocklist1763800000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE teams (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT teams_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        description text,
        is_support_enabled boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX teams_org_name ON teams (org_id, name);

      -- Through the org: a team can't have anybody who isn't in it.
      CREATE TABLE team_users (
        org_id uuid NOT NULL,
        team_id uuid NOT NULL,
        user_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, team_id, user_id),
        CONSTRAINT team_users_team_fk FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id) ON DELETE CASCADE,
        CONSTRAINT team_users_user_fk FOREIGN KEY (org_id, user_id) REFERENCES members (org_id, user_id)
          ON DELETE CASCADE
      );
      CREATE INDEX team_users_user ON team_users (org_id, user_id);

      CREATE TABLE office_hours (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT office_hours_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        iana_timezone text NOT NULL,
        shifts jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );

      CREATE TABLE blocked_contacts (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        contact_id uuid NOT NULL,
        reason text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT blocked_contacts_contact_fk FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id)
          ON DELETE CASCADE,
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX blocked_contacts_org_contact ON blocked_contacts (org_id, contact_id);

      CREATE TABLE blocked_domains (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT blocked_domains_org_fk REFERENCES orgs (id),
        domain text NOT NULL,
        reason text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX blocked_domains_org_domain ON blocked_domains (org_id, domain);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE blocked_domains, blocked_contacts, office_hours, team_users, teams;');
  }
}
