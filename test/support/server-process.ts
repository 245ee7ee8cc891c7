import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import { Child, type Ending } from './child-process.js';
import { until } from './until.js';
import { FAST_LANE } from './fast-lane.js';

export type Settings = Readonly<Record<string, string>>;

export interface Program {
  /** Of another build. */
  readonly file?: string;
  /** A command that runs it, such as `ip netns exec …`. */
  readonly prefix?: readonly string[];
}

interface Readiness {
  readonly database: 'up' | 'away';
  readonly cache: { readonly mode: 'trusted' | 'deaf' | 'fenced' };
  readonly rate_limits: 'shared' | 'partly' | 'alone';
}

const REPOSITORY = resolve(import.meta.dirname, '..', '..');
const LISTENS = /listens on (http:\/\/[\d.:]+)/;
const LOG_LEVEL_ERROR = 50;

export function serverProgram(): string {
  return join(inject('builtServer'), 'src', 'main.js');
}

/** The built server in a separate process, with only the given settings. */
export class ServerProcess {
  private constructor(
    private readonly child: Child,
    readonly url: string,
  ) {}

  /** Resolves once it listens on a free port and its cache is trusted. */
  static async start(
    settings: Settings,
    { file = serverProgram(), prefix = [] }: Program = {},
  ): Promise<ServerProcess> {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', ...FAST_LANE, ...settings };
    const [command, ...args] = [...prefix, process.execPath, file];
    const child = new Child(command!, args, { cwd: REPOSITORY, env });
    try {
      await until('the server listens', () => {
        if (!child.isRunning) throw new Error(`the server ended: ${child.output}`);
        return LISTENS.test(child.output);
      });
      const server = new ServerProcess(child, LISTENS.exec(child.output)![1]!);
      await server.is('trusted', ({ cache }) => cache.mode === 'trusted');
      return server;
    } catch (error) {
      await child.end('SIGKILL');
      throw error;
    }
  }

  get pid(): number {
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child.isRunning;
  }

  /** Its whole log. */
  get log(): string {
    return this.child.output;
  }

  /** Errors of the log, and output that is no log line, such as crashes and warnings of Node. */
  get complaints(): string[] {
    const lines = this.child.output.split('\n').filter((line) => line !== '');
    return lines.filter((line) => !line.startsWith('{') || JSON.parse(line).level >= LOG_LEVEL_ERROR);
  }

  async readiness(): Promise<Readiness> {
    const answer = await fetch(`${this.url}/readyz`);
    return (await answer.json()) as Readiness;
  }

  async is(what: string, condition: (readiness: Readiness) => boolean): Promise<void> {
    await until(`${this.url} is ${what}`, async () => condition(await this.readiness()), { everyMs: 20 });
  }

  pause(): void {
    this.child.signal('SIGSTOP');
  }

  resume(): void {
    this.child.signal('SIGCONT');
  }

  async kill(): Promise<void> {
    await this.child.end('SIGKILL');
  }

  /** Stops it with SIGTERM. */
  async stop(): Promise<Ending> {
    return this.child.end('SIGTERM');
  }
}
