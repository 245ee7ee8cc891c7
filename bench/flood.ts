import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { endWithUs } from './end-with-us.ts';

/** The settings of the flooding client for one round. */
export interface FloodOrder {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** The number of client addresses in its X-Forwarded-For headers. */
  readonly addresses: number;
  readonly path: string;
}

export interface FloodReport {
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** A client in a process of its own, on one core, that sends well-formed unknown keys, each once. */
export class Flood implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @throws Error without `taskset` (util-linux), which pins the client */
  static async start(): Promise<Flood> {
    const client = fileURLToPath(new URL('flood-client.ts', import.meta.url));
    const child = spawn('taskset', ['--cpu-list', lastCore(), execPath, client], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    endWithUs(child);
    await once(child, 'spawn');
    return new Flood(child);
  }

  async run(order: FloodOrder): Promise<FloodReport> {
    const answered = once(this.#child, 'message');
    this.#child.send(order);
    return (await answered)[0] as FloodReport;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** The last of the cores that this process may use. */
function lastCore(): string {
  return /^Cpus_allowed_list:.*?(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!;
}
