import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const REPOSITORY = resolve(import.meta.dirname, '..', '..');
/** The link is alone on its line. */
const LINK = /^(http\S+\/partner-login\S+)\n/m;

/** Runs `npm run demo` on its own data, and CLI commands beside it. */
export class Demo {
  readonly #server: ChildProcess;
  readonly #dataDir: string;
  /** A login link for the owner, which works once. */
  readonly ownerLink: string;

  private constructor(server: ChildProcess, dataDir: string, ownerLink: string) {
    this.#server = server;
    this.#dataDir = dataDir;
    this.ownerLink = ownerLink;
  }

  static async start(): Promise<Demo> {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-screenshots-'));
    const server = spawn(process.execPath, [join(REPOSITORY, 'dist', 'src', 'programs', 'demo', 'main.js')], {
      env: { ...process.env, DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Demo(server, dataDir, await linkOf(server));
  }

  get url(): string {
    return new URL(this.ownerLink).origin;
  }

  /** Runs a CLI command. @returns its output */
  async gatehouse(...args: string[]): Promise<Record<string, string>> {
    // The demo keeps its data in a subfolder of the given one.
    const env = { ...process.env, DATA_DIR: join(this.#dataDir, 'demo'), PUBLIC_URL: this.url };
    const words = [join(REPOSITORY, 'src', 'programs', 'cli', 'launch.js'), ...args, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, words, { env });
    return JSON.parse(stdout) as Record<string, string>;
  }

  async stop(): Promise<void> {
    this.#server.kill('SIGINT');
    if (this.#server.exitCode === null) await once(this.#server, 'exit');
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

/** @throws Error if the demo ends before it prints the link */
async function linkOf(server: ChildProcess): Promise<string> {
  let transcript = '';
  for await (const chunk of server.stdout!) {
    transcript += String(chunk);
    const link = LINK.exec(transcript)?.[1];
    if (link === undefined) continue;
    server.stdout!.resume();
    return link;
  }
  throw new Error(`The demo ended:\n${transcript}`);
}
