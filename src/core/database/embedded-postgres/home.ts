import { createHash } from 'node:crypto';
import { access, chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram, type RunAs } from './programs.js';

/** Owns a cluster that root makes, because Postgres refuses to run as root. Created if missing. */
const SYSTEM_USER = 'gatehouse';
const SYSTEM_DIR = '/var/lib/gatehouse';

/** Where the cluster of one data directory may be. */
export interface Places {
  readonly inDataDir: string;
  /** Root only. Used if the system user can't reach the data directory. */
  readonly inSystemDir: string | undefined;
}

export async function findPlaces(dataDir: string): Promise<Places> {
  await mkdir(dataDir, { recursive: true });
  const directory = await realpath(dataDir);
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  return {
    inDataDir: join(directory, 'postgres'),
    inSystemDir: isRoot() ? join(SYSTEM_DIR, hash, 'postgres') : undefined,
  };
}

/** The home of the cluster; undefined if there is none yet. An existing home is used wherever it is. */
export async function findHome({ inDataDir, inSystemDir }: Places): Promise<string | undefined> {
  for (const place of [inDataDir, inSystemDir]) {
    if (place !== undefined && (await succeeds(access(join(place, 'data'))))) return place;
  }
  return undefined;
}

/** The home of a new cluster: the data directory, unless root's Postgres user can't reach it. */
export async function placeNewHome({ inDataDir, inSystemDir }: Places, runAs: RunAs): Promise<string> {
  if (inSystemDir === undefined || (await canEnter(dirname(inDataDir), runAs))) return inDataDir;
  return inSystemDir;
}

/** The folder of this data directory inside the system directory; undefined if the process isn't root's. */
export async function makeSystemDir({ inSystemDir }: Places): Promise<string | undefined> {
  if (inSystemDir === undefined) return undefined;
  for (const directory of [SYSTEM_DIR, dirname(inSystemDir)]) {
    await mkdir(directory, { recursive: true });
    // With a umask of 077, mkdir's mode would keep the system user out.
    await chmod(directory, 0o755);
  }
  return dirname(inSystemDir);
}

/** A cluster runs as its owner, so that root's CLI and a developer's server can share it. */
export async function ownerOf(home: string): Promise<RunAs> {
  if (!isRoot()) return undefined;
  const { uid, gid } = await stat(join(home, 'data'));
  return { uid, gid };
}

/** The owner of a new cluster: the process's user, or for root the system user, which is created if missing. */
export async function newOwner(): Promise<RunAs> {
  if (!isRoot()) return undefined;
  return lookUpSystemUser().catch(makeSystemUser);
}

async function makeSystemUser(): Promise<RunAs> {
  const shape = '--system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin';
  const makeOnce = `id -u ${SYSTEM_USER} || useradd ${shape} ${SYSTEM_USER}`;
  try {
    // Two concurrent useradds both succeed, and the second gives the user another id.
    await runProgram('flock', ['/etc', 'sh', '-c', makeOnce]);
    return await lookUpSystemUser();
  } catch (error) {
    const reason = (error as Error).message;
    throw new Error(`Postgres does not run as root, and the user ${SYSTEM_USER} could not be created (${reason})`, {
      cause: error,
    });
  }
}

async function lookUpSystemUser(): Promise<RunAs> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((option) => runProgram('id', [option, SYSTEM_USER])));
  return { uid: Number(uid), gid: Number(gid) };
}

function canEnter(directory: string, runAs: RunAs): Promise<boolean> {
  return succeeds(runProgram('test', ['-x', directory], runAs));
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
