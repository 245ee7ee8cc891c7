import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from '../support/until.js';
import { FAST_LANE } from '../support/fast-lane.js';
import { PATIENT } from '../support/patience.js';

export const REPOSITORY = resolve(import.meta.dirname, '..', '..');
const DIST = join(REPOSITORY, 'dist', 'src');

/** The exit code and output of a program. */
export interface Ending {
  /** Null if ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Creates a folder for the embedded database of one test file. */
export async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-boot-'));
  // The Postgres user of root needs access; otherwise the database is created in another folder, which no test removes.
  await chmod(folder, 0o755);
  return folder;
}

/** Also stops programs that a failed test has left running. */
export async function stopProgramsAndRemove(folder: string): Promise<void> {
  await Promise.all(running.splice(0).map((program) => program.signal('SIGTERM')));
  await rm(folder, { recursive: true, force: true });
}

const running: Program[] = [];

/** A program of `dist/` in a separate process, with only the given settings. */
export class Program {
  stdout = '';
  stderr = '';
  private readonly ending: Promise<Ending>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ending = new Promise((end, fail) => {
      child.once('error', fail);
      child.once('close', (code) => end({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** @param path below `dist/src`, such as `cli/main.js` */
  static start(path: string, settings: Readonly<Record<string, string>>, args: readonly string[] = []): Program {
    if (!existsSync(join(DIST, path))) throw new Error(`dist/src/${path} is missing: run "npm run build"`);
    // Compiling imports takes a third of a command's time, so the processes share the compile cache.
    const cache = join(tmpdir(), 'gatehouse-compile-cache');
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: cache,
      ...FAST_LANE,
      ...PATIENT,
      ...settings,
    };
    const child = spawn(process.execPath, [join(DIST, path), ...args], { cwd: REPOSITORY, env, stdio: 'pipe' });
    const program = new Program(child);
    running.push(program);
    return program;
  }

  ended(): Promise<Ending> {
    return this.ending;
  }

  signal(signal: NodeJS.Signals): Promise<Ending> {
    this.child.kill(signal);
    return this.ending;
  }

  /** Waits for a match in the output. Returns its first group. */
  async says(pattern: RegExp): Promise<string> {
    await until(`the program printed ${pattern}`, () => {
      if (this.child.exitCode !== null) throw new Error(`it ended instead: ${this.stderr}`);
      return pattern.test(this.stdout + this.stderr);
    });
    return pattern.exec(this.stdout + this.stderr)![1]!;
  }
}

/** Starts the server on a free port, and waits until it listens. */
export async function startServer(
  settings: Readonly<Record<string, string>>,
): Promise<{ program: Program; url: string }> {
  const program = Program.start('main.js', { PORT: '0', ...settings });
  return { program, url: await program.says(/listens on (http:\/\/[\d.:]+)/) };
}

/** Runs one command of the CLI. */
export function gatehouse(settings: Readonly<Record<string, string>>, ...args: string[]): Promise<Ending> {
  return Program.start('programs/cli/main.js', settings, args).ended();
}
