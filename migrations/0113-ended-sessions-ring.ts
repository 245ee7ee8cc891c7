import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ringOnChange } from './ring-on-change.js';

/**
 * The end of a session waits for every process, as that of a key does. Sessions are read at each request, but a process on
 * a primary that was replaced reads them there until its lease ends.
 */
export class EndedSessionsRing1763800000113 implements MigrationInterface {
  readonly name = 'EndedSessionsRing1763800000113';

  async up(runner: QueryRunner): Promise<void> {
    const columns = ['digest', 'member_id', 'role_id', 'expires_at'];
    await ringOnChange(runner, { table: 'sessions', tag: 'session', idColumn: 'id', columns });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM access_ringing_table WHERE target = 'sessions'::regclass;
      DROP TRIGGER access_ring_insert ON sessions;
      DROP TRIGGER access_ring_update ON sessions;
      DROP TRIGGER access_ring_delete ON sessions;
      DROP TRIGGER access_ring_truncate ON sessions;
    `);
  }
}
