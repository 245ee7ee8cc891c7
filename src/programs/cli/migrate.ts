import { migrateAsOwner } from '../../core/database/migrate.js';
import { defineCommand } from './command.js';
import { withDatabase } from './with-database.js';

export const migrate = defineCommand({
  name: 'migrate',
  summary: 'Bring the database up to date.',
  options: {
    check: { kind: 'flag', help: 'only run the migrations up and down in a scratch database, and check for drift' },
  },
  run: ({ options, config, log }) =>
    withDatabase(config, log, async (address) => {
      if (!options.check) return answerWith(await migrateAsOwner(address));
      // Loaded on demand: it imports every entity, and with them every feature.
      const { checkMigrations } = await import('./migrate-check.js');
      const problems = await checkMigrations(address.adminUrl);
      if (problems.length === 0) return { json: { problems }, text: 'Migrations and entities agree.' };
      return { json: { problems }, text: problems.join('\n'), problem: 'the migrations have problems' };
    }),
});

function answerWith(applied: string[]) {
  const text = applied.length === 0 ? 'The database is up to date.' : `Migrated: ${applied.join(', ')}.`;
  return { json: { applied }, text };
}
