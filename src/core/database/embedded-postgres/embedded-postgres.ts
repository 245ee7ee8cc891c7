import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { DATABASE, handOverToOwner, OWNER, passwordOf, SERVER, SUPERUSER } from './cluster-roles.js';
import { makeCluster, readPassword } from './cluster.js';
import { findHome, findPlaces, makeSystemDir, newOwner, ownerOf, placeNewHome, type Places } from './home.js';
import { findPostmaster, stopPostmaster } from './postmaster.js';
import { Presence } from './presence.js';
import { findPrograms } from './programs.js';
import { launch, type Launch, type PostgresSettings } from './server.js';

const START_TIMEOUT_MS = 60_000;
const RETRY_MS = 15;

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Server settings, used if this process starts the cluster. */
  readonly settings?: PostgresSettings;
  readonly log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Connects as the superuser to the database `gatehouse`. */
  readonly url: string;
  /** Connects as the role that owns the tables, for migrations. */
  readonly ownerUrl: string;
  /** Connects as the role that owns nothing, for the server and the commands of the CLI. */
  readonly serverUrl: string;
  /** The cluster's directory: in `dataDir` or, if root's Postgres user can't reach that, in the system directory. */
  readonly directory: string;
  /** Resolves when this use has ended and, if it was the last one, the server has stopped. */
  close(): Promise<void>;
}

/**
 * Opens the Postgres from npm on the cluster in `dataDir`: makes the cluster if there is none, and starts the server if
 * none runs. Any number of processes may use it at once; the last one to close stops the server.
 * @throws Error of one sentence
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const explain = (error: unknown): never => {
    const reason = (error as Error).message.replace(/\.$/, '');
    throw new Error(`The embedded Postgres of ${options.dataDir}: ${reason}.`, { cause: error });
  };
  return open(options, explain).catch(explain);
}

/** Whether any process uses the cluster in `dataDir`. */
export async function isEmbeddedPostgresRunning(dataDir: string): Promise<boolean> {
  const home = await findHome(await findPlaces(dataDir));
  return home !== undefined && (await findPostmaster(home)) !== undefined;
}

async function open(options: EmbeddedPostgresOptions, explain: (error: unknown) => never): Promise<EmbeddedPostgres> {
  const { dataDir, settings = {}, log = () => undefined } = options;
  const places = await findPlaces(dataDir);
  const home = (await findHome(places)) ?? (await makeHome(places, log));
  const password = await readPassword(home);
  const urlOf = (role: string, port: number, database = DATABASE) =>
    `postgres://${role}:${passwordOf(role, password)}@127.0.0.1:${port}/${database}`;
  const start = async () => {
    const runAs = await ownerOf(home);
    const { postgres } = await findPrograms(runAs, () => makeSystemDir(places));
    return launch(home, postgres, runAs, settings);
  };
  const { presence, port } = await joinOrStart(home, start, (port) =>
    Presence.take(urlOf(SUPERUSER, port, 'postgres')),
  );
  log(`Embedded Postgres on port ${port}, data in ${home}.`);
  let closing: Promise<void> | undefined;
  const closeOnce = () => (closing ??= close(presence, home, log).catch(explain));
  try {
    await handOverToOwner(urlOf(SUPERUSER, port), password);
  } catch (error) {
    await closeOnce();
    throw error;
  }
  return {
    url: urlOf(SUPERUSER, port),
    ownerUrl: urlOf(OWNER, port),
    serverUrl: urlOf(SERVER, port),
    directory: home,
    close: closeOnce,
  };
}

async function makeHome(places: Places, log: (line: string) => void): Promise<string> {
  const runAs = await newOwner();
  const home = await placeNewHome(places, runAs);
  if (home === places.inSystemDir) {
    await makeSystemDir(places);
    log(`The user that Postgres runs as cannot reach ${dirname(places.inDataDir)}: the database goes to ${home}.`);
  }
  log('Making the embedded Postgres, once.');
  await makeCluster(home, await findPrograms(runAs, () => makeSystemDir(places)), runAs);
  return home;
}

/** Joins the running server, or starts one whenever none runs, until a session is open. */
async function joinOrStart(
  home: string,
  start: () => Promise<Launch>,
  join: (port: number) => Promise<Presence>,
): Promise<{ presence: Presence; port: number }> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  let launched: Launch | undefined;
  while (Date.now() < giveUpAt) {
    const postmaster = await findPostmaster(home);
    if (postmaster?.port !== undefined) {
      const presence = await join(postmaster.port).catch(undefinedWhenPassing);
      if (presence !== undefined) return { presence, port: postmaster.port };
    } else if (postmaster === undefined) {
      const ending = await launched?.ending();
      if (ending === 'failed') throw new Error(`the server did not start: ${await launched?.logTail()}`);
      if (launched === undefined || ending === 'passing') launched = await start();
    }
    await pause(RETRY_MS);
  }
  throw new Error(
    `the server was not ready within a minute: ${(await launched?.logTail()) ?? 'another process starts it'}`,
  );
}

/**
 * A server that is starting or stopping refuses or ends sessions, without a SQLSTATE or with one of class 57. Any other
 * error is final.
 */
function undefinedWhenPassing(error: unknown): undefined {
  if (error instanceof pg.DatabaseError && !error.code?.startsWith('57')) throw error;
}

async function close(presence: Presence, home: string, log: (line: string) => void): Promise<void> {
  if (!(await presence.leave())) return;
  try {
    await stopPostmaster(home);
    log('Embedded Postgres stopped.');
  } finally {
    await presence.end();
  }
}
