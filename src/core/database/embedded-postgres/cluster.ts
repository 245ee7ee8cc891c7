import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeAside } from './aside.js';
import { DATABASE, OWNER, roleStatements, SERVER, SUPERUSER } from './cluster-roles.js';
import { runProgram, type PostgresPrograms, type RunAs } from './programs.js';

const PASSWORD_FILE = 'password';

/** The random password made with the cluster; only its owner, or root, can read it. */
export async function readPassword(home: string): Promise<string> {
  try {
    return await readFile(join(home, PASSWORD_FILE), 'utf8');
  } catch (error) {
    const advice = 'if it belongs to another user, run as that one, or set DATA_DIR or DATABASE_URL';
    throw new Error(`its password cannot be read (${(error as Error).message}); ${advice}`, { cause: error });
  }
}

/** Iterations make guessing slow, and each connection too. A password of 192 random bits can't be guessed. */
const FEW_ITERATIONS = ['--set', 'scram_iterations=1'];

/** Makes a cluster with its database and roles, in UTF8 and with the same collation on every system. */
export function makeCluster(home: string, programs: PostgresPrograms, runAs: RunAs): Promise<void> {
  return makeAside(home, async (draft) => {
    const password = randomBytes(24).toString('base64url');
    const [data, passwordForInitdb] = [join(draft, 'data'), join(draft, 'password-for-initdb')];
    await mkdir(data, { mode: 0o700 });
    await writeFile(join(draft, PASSWORD_FILE), password, { mode: 0o600 });
    await writeFile(passwordForInitdb, password, { mode: 0o600 });
    if (runAs !== undefined) {
      // Root owns everything but the data: it must not write where a less trusted user could have placed a symlink.
      await chmod(draft, 0o711);
      for (const path of [data, passwordForInitdb]) await chown(path, runAs.uid, runAs.gid);
    }
    const access = [
      '--username',
      SUPERUSER,
      '--pwfile',
      passwordForInitdb,
      '--auth',
      'scram-sha-256',
      ...FEW_ITERATIONS,
    ];
    const language = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    await runProgram(programs.initdb, ['--pgdata', data, ...access, ...language], runAs);
    await rm(passwordForInitdb);
    const statements = [
      ...[OWNER, SERVER].flatMap((role) => roleStatements(role, password)),
      `create database ${DATABASE} owner ${OWNER}`,
    ];
    await runProgram(programs.postgres, ['--single', '-D', data, 'postgres'], runAs, `${statements.join('\n')}\n`);
  });
}
