import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { createEmptyDatabase, type TestDatabase } from '../../support/database.js';
import { Installation } from '../../support/installation.js';
import { PATIENT } from '../../support/patience.js';
import type { ServerProcess, Settings } from '../../support/server-process.js';

export type Build = 'old' | 'new';

/** An installation that the last release has made, with servers of both releases. */
export class OldAndNew {
  private constructor(
    readonly installation: Installation,
    private readonly database: TestDatabase,
    private readonly settings: Settings,
  ) {}

  /** @param more settings of every server */
  static async make(more: Settings): Promise<OldAndNew> {
    const database = await createEmptyDatabase();
    const encryptionKey = randomBytes(32).toString('base64');
    const settings = {
      DATABASE_URL: database.serverUrl,
      DATABASE_OWNER_URL: database.url,
      ENCRYPTION_KEY: encryptionKey,
      ...PATIENT,
      ...more,
    };
    const old = <Answer>(...args: string[]) => runCommand<Answer>('old', settings, args);
    await old('migrate');
    const partner = await old<{ id: string }>('partner', 'create', '--name', 'Demo Partner');
    const { api_key } = await old<{ api_key: string }>('partner', 'key', 'create', '--partner', partner.id);
    return new OldAndNew(Installation.of(database, encryptionKey, partner.id, api_key), database, settings);
  }

  /** Starts as the owner of the tables, so that it brings the database up to date. */
  start(build: Build): Promise<ServerProcess> {
    return this.installation.startServer(this.settings, { file: join(distOf(build), 'src', 'main.js') });
  }

  /** Runs a command of the command line. @throws Error if it fails */
  run<Answer>(build: Build, ...args: string[]): Promise<Answer> {
    return runCommand(build, this.settings, args);
  }

  async close(): Promise<void> {
    await this.installation.close();
    await this.database.drop();
  }
}

function distOf(build: Build): string {
  return build === 'new' ? inject('builtServer') : join(inject('lastRelease'), 'dist');
}

async function runCommand<Answer>(build: Build, settings: Settings, args: readonly string[]): Promise<Answer> {
  const program = join(distOf(build), 'src', 'programs', 'cli', 'main.js');
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings };
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args, '--json'], { env });
  return JSON.parse(stdout) as Answer;
}
