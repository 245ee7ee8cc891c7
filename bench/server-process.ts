import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { endWithUs } from './end-with-us.ts';
import { env, execPath, stderr } from 'node:process';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const LISTENS = /listens on (http:\/\/127\.0\.0\.1:\d+)/;
/** A tick in /proc is 10 ms on every supported Linux. */
const TICKS_PER_SECOND = 100;

export interface Program {
  /** The file that Node runs. */
  readonly path: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

/** A server in a separate process, ready once it logs "listens on http://…". */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start({ path, environment, nodeOptions = [] }: Program): Promise<ServerProcess> {
    const child = spawn(execPath, [...nodeOptions, path], {
      env: { ...basicEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    endWithUs(child);
    const started = new Promise<string>((resolve, reject) => {
      for (const input of [child.stdout, child.stderr]) {
        createInterface({ input }).on('line', (line) => {
          const url = LISTENS.exec(line)?.[1];
          if (url) resolve(url);
          else stderr.write(`${line}\n`);
        });
      }
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${path} ended with ${code} before it listened`)));
      setTimeout(() => reject(new Error(`${path} does not listen`)), START_TIMEOUT_MS).unref();
    });
    try {
      return new ServerProcess(child, await started);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** CPU time of all threads so far; undefined without /proc. */
  get cpuMs(): number | undefined {
    const fields = this.#proc('stat')
      ?.replace(/^.*\) /, '')
      .split(' ');
    return fields && ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  }

  get residentMegabytes(): number | undefined {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(this.#proc('status') ?? '')?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(impatience);
  }

  #proc(file: string): string | undefined {
    try {
      return readFileSync(`/proc/${this.#child.pid}/${file}`, 'utf8');
    } catch {
      return undefined;
    }
  }
}

/** The environment without inherited settings. */
export function basicEnvironment() {
  const { PATH = '', HOME = '', TMPDIR } = env;
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), NODE_ENV: 'production' };
}
