import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gives each membership a random user id of its own. It was the account's id, which is the same in every org and holds
 * the time of its creation. Audit entries keep the account's id, because their hashes cover it.
 */
export class UserIdsOfOneOrg1763800000049 implements MigrationInterface {
  readonly name = 'UserIdsOfOneOrg1763800000049';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE members ADD account_id uuid;
      UPDATE members SET account_id = user_id;
      ALTER TABLE members ALTER account_id SET NOT NULL;

      -- Former members too: keys and events still name them.
      CREATE TEMPORARY TABLE new_user_ids ON COMMIT DROP AS
        SELECT org_id, account_id, gen_random_uuid() AS user_id FROM (
          SELECT org_id, account_id FROM members
          UNION SELECT org_id, created_by_id FROM api_keys
            WHERE org_id IS NOT NULL AND created_by_type = 'user' AND created_by_id IS NOT NULL
          UNION SELECT org_id, (context ->> 'user_id')::uuid FROM chat_events
            WHERE type = 'human_agent_joined' AND context ->> 'user_id' IS NOT NULL
        ) known;

      ALTER TABLE team_users DROP CONSTRAINT team_users_user_fk;
      ALTER TABLE chat_sessions DROP CONSTRAINT chat_sessions_assignee_fk;
      ALTER TABLE members DROP CONSTRAINT members_user_fk;
      DROP INDEX members_user;`);
    await this.#replace(runner, { from: 'account_id', to: 'user_id' });
    await runner.query(`
      CREATE UNIQUE INDEX members_org_account ON members (org_id, account_id);
      CREATE INDEX members_account ON members (account_id);
      ALTER TABLE members ADD CONSTRAINT members_account_fk FOREIGN KEY (account_id) REFERENCES users (id);
      ${REFERENCES}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE team_users DROP CONSTRAINT team_users_user_fk;
      ALTER TABLE chat_sessions DROP CONSTRAINT chat_sessions_assignee_fk;
      CREATE TEMPORARY TABLE new_user_ids ON COMMIT DROP AS SELECT org_id, account_id, user_id FROM members;`);
    await this.#replace(runner, { from: 'user_id', to: 'account_id' });
    await runner.query(`
      ALTER TABLE members DROP account_id;
      CREATE INDEX members_user ON members (user_id);
      ALTER TABLE members ADD CONSTRAINT members_user_fk FOREIGN KEY (user_id) REFERENCES users (id);
      ${REFERENCES}`);
  }

  async #replace(runner: QueryRunner, { from, to }: Record<'from' | 'to', 'account_id' | 'user_id'>): Promise<void> {
    await runner.query(`
      UPDATE members SET user_id = ids.${to} FROM new_user_ids ids
        WHERE members.org_id = ids.org_id AND members.user_id = ids.${from};
      UPDATE team_users SET user_id = ids.${to} FROM new_user_ids ids
        WHERE team_users.org_id = ids.org_id AND team_users.user_id = ids.${from};
      UPDATE chat_sessions SET assignee_id = ids.${to} FROM new_user_ids ids
        WHERE chat_sessions.org_id = ids.org_id AND chat_sessions.assignee_id = ids.${from};
      UPDATE api_keys SET created_by_id = ids.${to} FROM new_user_ids ids
        WHERE api_keys.org_id = ids.org_id AND created_by_type = 'user' AND created_by_id = ids.${from};
      UPDATE chat_events SET context = jsonb_set(context, '{user_id}', to_jsonb(ids.${to})) FROM new_user_ids ids
        WHERE chat_events.org_id = ids.org_id AND chat_events.type = 'human_agent_joined'
          AND lower(context ->> 'user_id') = ids.${from}::text;`);
  }
}

const REFERENCES = `
  ALTER TABLE team_users ADD CONSTRAINT team_users_user_fk FOREIGN KEY (org_id, user_id)
    REFERENCES members (org_id, user_id) ON DELETE CASCADE;
  ALTER TABLE chat_sessions ADD CONSTRAINT chat_sessions_assignee_fk FOREIGN KEY (org_id, assignee_id)
    REFERENCES members (org_id, user_id) ON DELETE SET NULL (assignee_id);`;
