import { styleText } from 'node:util';
import { keyRingOf } from '../../core/encryption/key-file.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { migrateAsOwner } from '../../core/database/migrate.js';
import { defineCommand } from './command.js';
import { UsageError } from './command-line.js';
import type { Check, DatabaseTarget } from './doctor-check.js';
import { CHECKS, DATABASE_CHECKS } from './doctor-checks.js';
import { failureReason } from './failure-line.js';
import { connectAndRun, withDatabase } from './with-database.js';

const GOOD = styleText('green', 'ok      ');
const BAD = styleText('red', 'PROBLEM ');

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check the configuration and the database, one line per check.',
  options: {
    'after-restore': { kind: 'flag', help: 'list what was revoked since the backup, from exported entries' },
    'from-export': { kind: 'list', placeholder: 'FILE', help: 'with --after-restore: exported entries of the audit' },
    revoke: { kind: 'flag', help: 'with --after-restore: revoke it again' },
  },
  async run({ config, log, options: { 'after-restore': isAfterRestore, 'from-export': files, revoke } }) {
    if (isAfterRestore !== (files !== undefined) || (revoke && !isAfterRestore)) {
      throw new UsageError('--after-restore needs --from-export, and both --from-export and --revoke need it.');
    }
    if (files !== undefined) {
      const { afterRestore } = await import('./after-restore/after-restore.js');
      return afterRestore(config, log, { files, revokes: revoke });
    }
    const findings = await examine(CHECKS, config);
    try {
      await withDatabase(config, log, async (address) => {
        // Every command migrates the embedded database. A configured one must stay unchanged.
        if (address.embeddedIn !== undefined) await migrateAsOwner(address);
        await connectAndRun(address.url, async (client) => {
          const secretBox = new SecretBox(await keyRingOf(config));
          findings.push(...(await examine<DatabaseTarget>(DATABASE_CHECKS, { address, client, secretBox, config })));
        });
      });
    } catch (error) {
      findings.push({ name: 'database', ok: false, detail: failureReason(error) });
    }
    const text = findings.map(({ name, ok, detail }) => `${ok ? GOOD : BAD} ${name}: ${detail}`).join('\n');
    const count = findings.filter(({ ok }) => !ok).length;
    const json = { ok: count === 0, checks: findings };
    return count === 0
      ? { json, text }
      : { json, text, problem: `${count} of ${findings.length} checks found a problem` };
  },
});

/** Runs the checks one at a time, because concurrent checks would distort each other's timings. */
async function examine<T>(checks: readonly Check<T>[], target: T): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, run } of checks) {
    try {
      findings.push({ name, ok: true, detail: await run(target) });
    } catch (error) {
      findings.push({ name, ok: false, detail: failureReason(error) });
    }
  }
  return findings;
}
