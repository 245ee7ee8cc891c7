import type { MigrationInterface, QueryRunner } from 'typeorm';

/** SIP trunks. */
export class Sip1763800000031 implements MigrationInterface {
  readonly name = 'Sip1763800000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sip_inbound_trunks (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT sip_inbound_trunks_org_fk REFERENCES orgs (id),
        auth_username text NOT NULL,
        auth_password bytea NOT NULL,
        phone_numbers text[] NOT NULL,
        noise_suppression_enabled boolean NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX sip_inbound_trunks_org ON sip_inbound_trunks (org_id);
      CREATE UNIQUE INDEX sip_inbound_trunks_auth_username ON sip_inbound_trunks (auth_username);

      CREATE TABLE sip_outbound_trunks (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT sip_outbound_trunks_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        host text NOT NULL,
        port integer NOT NULL DEFAULT 5060,
        transport text NOT NULL DEFAULT 'udp',
        username text NOT NULL,
        password bytea NOT NULL,
        caller_number text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sip_outbound_trunks, sip_inbound_trunks;');
  }
}
